export { alignedTable } from './aligned-table.js'
export {
  eachPlaced,
  eachRecord,
  eachRecordAdding,
  failedRecord,
  useRecords,
} from './each-record.js'
export { EXIT } from './exit.js'
export { checkReadable, readLines, type Line } from './input.js'
export { Io, type PlacedRecord } from './io.js'
export {
  asUsage,
  choiceOption,
  defaultedNumberOption,
  imageShapeOption,
  listOption,
  numberOption,
  optionalChoiceOption,
  requiredNumberOption,
  SEED_RANGE,
  statisticOption,
  type NumberRange,
} from './options.js'
export { runProcess } from './process.js'
export type { Progress } from './progress.js'
export {
  defineTool,
  optionsOf,
  runTool,
  versionOf,
  type CommonOptions,
  type Invocation,
  type Tool,
} from './tool.js'

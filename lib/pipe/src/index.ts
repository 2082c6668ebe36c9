export { alignedTable } from './aligned-table.js'
export { eachPlaced, eachRecord, eachRecordAdding, useRecords } from './each-record.js'
export { batchWork, type BatchWork } from './batch.js'
export { eachBatch } from './each-batch.js'
export { EXIT } from './exit.js'
export { checkReadable, readLines, type Line } from './input.js'
export { Io } from './io.js'
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
export { RecordFile } from './record-file.js'
export {
  changedText,
  failedRecord,
  recordOf,
  withMember,
  type PlacedRecord,
} from './record-line.js'
export { serveJobs, WorkerPool } from './worker-pool.js'
export {
  defineTool,
  optionsOf,
  runTool,
  versionOf,
  type CommonOptions,
  type Invocation,
  type Tool,
} from './tool.js'

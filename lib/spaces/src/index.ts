export { architectureOf, networkOf, writtenNetworkOf } from './registry.js'
export { allArchitectures, CHOICE_SPACES, drawArchitectures } from './sample-choices.js'
export type { Space } from './space.js'
export {
  drawKernels,
  kernelRecord,
  operatorPair,
  type OperatorPair,
  zooPairs,
} from './kernel/index.js'
export { fbnet } from './fbnet/index.js'
export * from './nb101/index.js'
export { nb201, NB201_EDGES, NB201_OPERATIONS } from './nb201/index.js'
export { NCNN_NAMES, ncnnRecord } from './ncnn/index.js'
export * from './zoo/index.js'

export { checked } from './check.js'
export * from './errors.js'
export * from './feature-names.js'
export { featuresOf, type Features } from './features.js'
export { isObject } from './is-object.js'
export { parseJson } from './json.js'
export { kernelsOf, type KernelWork } from './kernels.js'
export {
  measuredLatency,
  STATISTICS,
  type Delegation,
  type DeviceMeasurement,
  type Environment,
  type KernelTime,
  type LatencyStatistics,
  type Measurement,
  type Statistic,
} from './measurement.js'
export type { Model } from './model.js'
export { PUBLISHED, withPublished } from './published.js'
export type { Quality } from './quality.js'
export {
  isIdentified,
  RECORD_SCHEMA,
  toRecord,
  type Arch,
  type LetiRecord,
  type Prediction,
  type RecordError,
  type UnknownWork,
} from './record.js'
export type { ObjectSchema, Schema, Static } from './schema.js'
export { visible } from './visible.js'

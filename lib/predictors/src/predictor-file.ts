import { LetiError, STATISTICS, type Environment, type Statistic } from '@leti/records'
import { finiteNumber, list, object, oneOf, text } from './checks.js'
import { toConformal, type Conformal } from './conformal.js'
import type { TriedKind } from './kind.js'
import { PREDICTOR_KIND_NAMES, type PredictorKindName } from './kinds/index.js'
import type { Metrics } from './metrics.js'
import { LATENCY_SCALES, type LatencyScale } from './model.js'
import { TABLES } from './tables/model.js'

const FORMAT = 'leti-predictor'
const VERSION = 1

/** A predictor as one JSON document, which loads with no other file. */
export interface PredictorFile {
  readonly format: typeof FORMAT
  readonly version: typeof VERSION
  readonly model: PredictorKindName | typeof TABLES
  readonly target: LatencyScale
  readonly device: string
  /** Absent where the measurements named none. */
  readonly backend?: string
  readonly runtime?: string
  readonly threads?: number
  readonly batch?: number
  /** What all of the measurements' environments had in common. */
  readonly environment: Environment
  /** The search spaces that it was trained on; empty where the records named none. */
  readonly spaces: readonly string[]
  /** What of a measurement's runs is predicted; absent where it is the median. */
  readonly statistic?: Statistic
  readonly training: {
    readonly count: number
    readonly latency_ms: { readonly min: number; readonly max: number }
    /** The id of a network whose measurement was not believed. */
    readonly left_out?: string
  }
  readonly cross_validation: {
    readonly folds: number
    readonly seed: number
    readonly metrics: Metrics
    /** The MACs proxy on the same folds; absent where the model is the proxy. */
    readonly proxy?: Metrics
    /** What `auto` tried, and how much each counts in what it chose. */
    readonly tried?: readonly TriedKind[]
  }
  /** What intervals are made of; absent in files of versions that made none. */
  readonly conformal?: Conformal
  /** What the kind makes of it, alone. */
  readonly parameters: object
}

/** The members that open every predictor file. */
export const HEAD = { format: FORMAT, version: VERSION } as const

/** @throws {LetiError} `usage` where the value is no predictor, or a damaged one */
export function toPredictorFile(value: unknown): PredictorFile {
  const file = object(value, 'predictor')
  oneOf(file.format, 'format', [FORMAT])
  if (file.version !== VERSION) throw new LetiError('usage', `unknown version; known: ${VERSION}`)
  oneOf(file.model, 'model', [...PREDICTOR_KIND_NAMES, TABLES])
  oneOf(file.target, 'target', LATENCY_SCALES)
  text(file.device, 'device')
  if (file.backend !== undefined) text(file.backend, 'backend')
  if (file.runtime !== undefined) text(file.runtime, 'runtime')
  if (file.threads !== undefined) finiteNumber(file.threads, 'threads')
  if (file.batch !== undefined) finiteNumber(file.batch, 'batch')
  object(file.environment, 'environment')
  list(file.spaces, 'spaces').forEach((space, i) => text(space, `spaces[${i}]`))
  if (file.statistic !== undefined) oneOf(file.statistic, 'statistic', STATISTICS)
  checkTraining(object(file.training, 'training'))
  checkCrossValidation(object(file.cross_validation, 'cross_validation'))
  if (file.conformal !== undefined) toConformal(file.conformal)
  object(file.parameters, 'parameters')
  return value as PredictorFile
}

function checkTraining(training: Record<string, unknown>): void {
  finiteNumber(training.count, 'training.count')
  const range = object(training.latency_ms, 'training.latency_ms')
  for (const end of ['min', 'max']) finiteNumber(range[end], `training.latency_ms.${end}`)
}

function checkCrossValidation(validation: Record<string, unknown>): void {
  for (const name of ['folds', 'seed']) finiteNumber(validation[name], `cross_validation.${name}`)
  checkMetrics(validation.metrics, 'cross_validation.metrics')
  if (validation.proxy !== undefined) checkMetrics(validation.proxy, 'cross_validation.proxy')
}

const ALWAYS = ['count', 'mape_percent', 'rmse_ms', 'within_5_percent', 'within_10_percent']

function checkMetrics(value: unknown, place: string): void {
  const metrics = object(value, place)
  for (const name of ALWAYS) finiteNumber(metrics[name], `${place}.${name}`)
  for (const name in metrics) finiteNumber(metrics[name], `${place}.${name}`)
}

import type { ObjectSchema, Schema, Static } from '@leti/records'
import type { Fold } from './folds.js'
import type { LimitParameters } from './limits/index.js'
import { METRICS } from './metrics.js'
import type { LatencyScale, Model } from './model.js'
import type { Sample } from './sample.js'
import type { Validation } from './validation.js'

/**
 * A kind of predictor: one way to predict latency. Folds, metrics, the predictor file and its loading
 * are the same for all kinds. `kinds/index.ts` lists them, `kinds/names.ts` says what a user reads.
 */
export interface PredictorKind {
  /** True if it predicts from the kernels of a network, of any search space, and not from features. */
  readonly usesKernels?: boolean

  /** True if a fit takes about as long as those of all other kinds that `auto` tries: threads fit it apart. */
  readonly takesLong?: boolean

  /** `auto` tries the kind from this many samples on; absent if it is too slow or too special. */
  readonly autoMinSamples?: number

  /** @throws {LetiError} `usage` if the samples lack what the kind needs */
  fit(samples: readonly Sample[], options: FitOptions): Promise<Model>

  /** Replaces `fit` and a plain cross-validation, for a kind that cross-validates to fit. */
  fitAndValidate?(
    samples: readonly Sample[],
    folds: readonly Fold[],
    options: FitOptions,
  ): Promise<ValidatedFit>

  /** What `toJSON` of its models gives: the `parameters` of a predictor file. */
  readonly schema: ObjectSchema

  /**
   * @param parameters untrusted, but they fit `schema`
   * @param findKind finds the kinds of models within the parameters
   * @throws {LetiError} `usage` if the parameters break a rule that the schema cannot say
   */
  fromJSON(parameters: object, latencyScale: LatencyScale, findKind: FindKind): Model
}

export interface FitOptions {
  readonly latencyScale: LatencyScale
  readonly seed: number
  /** Predictors of other devices, for kinds that build on them. */
  readonly references?: readonly Reference[]
  /** Validates folds in other threads; absent: in this one. */
  readonly validateFold?: ValidateFold
  /** Fits a kind to all samples in another thread, and gives the parameters; absent: in this one. */
  readonly fitKind?: (kind: string) => Promise<object>
  /** Hears of what is done. */
  readonly progress?: FitProgress
}

/** Counts the steps of a training that are done. */
export interface FitProgress {
  /** So many more steps are to do. */
  expect(steps: number): void
  /** @param what a few words on the step that is done */
  tick(what: string): void
}

/**
 * Predicts what a fold holds out, in its order, by models that are fitted to the other folds.
 *
 * @param fold index of the fold
 * @param kinds names of the kinds of the models
 */
export type ValidateFold = (
  fold: number,
  kinds: readonly string[],
) => Promise<Readonly<Record<string, Validation>>>

/** A predictor of another device: the model, and how files hold it. */
export interface Reference {
  readonly name: string
  readonly model: Model
  readonly saved: SavedModel
  /** Absent if its file has none. */
  readonly limits?: LimitParameters
}

/** A model as files hold it. */
interface SavedModel {
  /** The name of its kind. */
  readonly model: string
  readonly target: LatencyScale
  readonly parameters: object
}

/** The kind of predictor with a name from a file that fits the schema. */
export type FindKind = (name: string) => PredictorKind

/**
 * A model within the parameters of another: a schema with this reference holds the member `parameters` to
 * the schema of the kind that the member `model` names. `PREDICTOR_SCHEMA` defines it.
 */
export const SAVED_MODEL = { $ref: '#/$defs/saved_model' } as const

export interface ValidatedFit {
  /** Fitted to all samples. */
  readonly fitted: Model
  readonly validation: Validation
  /** The kinds that were compared, if the kind chooses among others. */
  readonly tried?: readonly TriedKind[]
}

export const TRIED_KIND = {
  type: 'object',
  description: 'A kind of predictor that auto compared with others.',
  required: ['model', 'weight', 'metrics'],
  properties: {
    model: { type: 'string', description: 'The kind.' },
    weight: { type: 'number', description: 'Its part in the blend; 0 if it is not used.' },
    metrics: METRICS,
  },
} as const satisfies Schema

/** A kind that `auto` compared with others. */
type TriedKind = Static<typeof TRIED_KIND>

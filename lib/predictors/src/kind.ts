import type { Schema, Static } from '@leti/records'
import type { Fold } from './folds.js'
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

  /**
   * @param parameters untrusted; what `toJSON` of a model of this kind gave
   * @param findKind finds the kinds of models within the parameters
   * @throws {LetiError} `usage` if the parameters are damaged; the message names the member
   */
  fromJSON(parameters: unknown, latencyScale: LatencyScale, findKind: FindKind): Model
}

export interface FitOptions {
  readonly latencyScale: LatencyScale
  readonly seed: number
  /** Predictors of other devices, for kinds that build on them. */
  readonly references?: readonly Reference[]
}

/** A predictor of another device: the model, and how files hold it. */
export interface Reference {
  readonly name: string
  readonly model: Model
  readonly saved: SavedModel
}

/** A model as files hold it. */
export interface SavedModel {
  /** The name of its kind. */
  readonly model: string
  readonly target: LatencyScale
  readonly parameters: object
}

/**
 * The kind of predictor with a name from a file.
 *
 * @param place where the name stands, for the message
 * @throws {LetiError} `usage` if no kind has the name
 */
export type FindKind = (name: unknown, place: string) => PredictorKind

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

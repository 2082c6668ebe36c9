import { LetiError, type Features, type Schema, type Static } from '@leti/records'
import { crossValidateAll } from '../cross-validate.js'
import { fitWhole } from '../fit-whole.js'
import { foldsOf, usualFolds, type Fold } from '../folds.js'
import {
  SAVED_MODEL,
  type FindKind,
  type FitOptions,
  type PredictorKind,
  type ValidatedFit,
} from '../kind.js'
import { growthOf } from '../limits/growth.js'
import { metricsOf } from '../metrics.js'
import type { LatencyScale, Model } from '../model.js'
import type { Sample } from '../sample.js'
import { blended, blendedUncertainty, chooseBlend, type Trial, type Weights } from './blend.js'
import type { Validation } from '../validation.js'

/** The kinds to choose from, by name. */
type Candidates = Readonly<Record<string, PredictorKind>>

/** Most folds of the choice, if the caller has none. */
const FOLDS = 5

/** @param names of the candidates. The type of a schema's values is computed from a tuple, here of one item. */
function schemaOf(names: readonly string[]) {
  return {
    type: 'object',
    description: 'The best kind, or a blend of several: a weighted geometric mean.',
    required: ['parts'],
    properties: {
      parts: {
        type: 'array',
        minItems: 1,
        description: 'The candidates that are part of the blend.',
        items: {
          type: 'object',
          ...SAVED_MODEL,
          required: ['model', 'weight', 'parameters'],
          properties: {
            model: { enum: names as unknown as readonly [string], description: 'The kind.' },
            weight: { type: 'number', description: 'The part in the blend.' },
            parameters: { type: 'object', description: 'Parameters of the kind.' },
          },
        },
      },
    },
  } as const satisfies Schema
}

type AutoParameters = Static<ReturnType<typeof schemaOf>>

type Part = AutoParameters['parts'][number]

/** One kind's model, or a blend (weighted geometric mean) of several. */
class AutoModel implements Model {
  readonly growth: number
  private readonly weights: Weights

  constructor(
    private readonly parts: Part[],
    private readonly models: Readonly<Record<string, Model>>,
  ) {
    this.weights = Object.fromEntries(parts.map(({ model, weight }) => [model, weight]))
    this.growth = growthOf(parts.map(({ model, weight }) => ({ weight, model: models[model] })))
  }

  get features(): readonly string[] {
    return this.parts.flatMap(({ model }) => this.models[model].features)
  }

  check(features: Features): void {
    for (const { model } of this.parts) this.models[model].check(features)
  }

  estimate(features: Features): number {
    if (this.parts.length === 1) return this.models[this.parts[0].model].estimate(features)
    return blended(this.weights, (name) => this.models[name].estimate(features))
  }

  uncertainty(features: Features): number {
    return blendedUncertainty(
      this.weights,
      (name) => this.models[name].uncertainty?.(features) ?? 1,
    )
  }

  toJSON(): AutoParameters {
    return { parts: this.parts }
  }
}

/**
 * The kind that chooses among others by cross-validation. It tries those that say from how many samples
 * on they are worth it (`autoMinSamples`).
 */
export function autoOf(kinds: Candidates): PredictorKind {
  const candidates = Object.fromEntries(
    Object.entries(kinds).filter(([, { autoMinSamples }]) => autoMinSamples !== undefined),
  )
  const names = Object.keys(candidates)
  return {
    async fit(samples, options) {
      const trial = await tryAll(
        candidates,
        samples,
        foldsOf(samples, Math.min(FOLDS, usualFolds(samples.length)), options.seed),
        options,
      )
      const weights = chooseBlend(trial, latenciesOf(samples), [...samples.keys()])
      return fitBlend(candidates, samples, weights, options)
    },

    fitAndValidate: (samples, folds, options) =>
      fitAndValidate(candidates, samples, folds, options),

    schema: schemaOf(names),

    fromJSON: ({ parts }: AutoParameters, latencyScale, findKind) =>
      new AutoModel(parts, loadParts(parts, latencyScale, findKind)),
  }
}

/**
 * Fits the best blend. Its validation is nested: the blend for each fold is chosen on the other folds.
 * The candidates' predictions of one cross-validation serve both, so it costs as much as a plain one.
 */
async function fitAndValidate(
  candidates: Candidates,
  samples: readonly Sample[],
  folds: readonly Fold[],
  options: FitOptions,
): Promise<ValidatedFit> {
  const measured = latenciesOf(samples)
  const trial = await tryAll(candidates, samples, folds, options)
  const weights = chooseBlend(trial, measured, [...samples.keys()])
  return {
    fitted: await fitBlend(candidates, samples, weights, options),
    validation: nestedValidation(trial, measured, folds),
    tried: Object.entries(trial).map(([name, { predicted }]) => ({
      model: name,
      weight: weights[name] ?? 0,
      metrics: metricsOf(measured, predicted),
    })),
  }
}

/** Cross-validates every candidate that there are enough samples for. */
async function tryAll(
  candidates: Candidates,
  samples: readonly Sample[],
  folds: readonly Fold[],
  options: FitOptions,
): Promise<Trial> {
  const worthIt = Object.entries(candidates).filter(
    ([, { autoMinSamples = Infinity }]) => samples.length >= autoMinSamples,
  )
  const all = await crossValidateAll(Object.fromEntries(worthIt), samples, folds, options)
  const trial: Record<string, Validation> = {}
  for (const [name, validation] of Object.entries(all)) {
    // One that is not finite has lost its footing, and would take all comparisons with it.
    if (validation.predicted.every(Number.isFinite)) trial[name] = validation
  }
  if (Object.keys(trial).length) return trial
  const advice = 'look for wrong latencies or features'
  throw new LetiError('usage', `no kind of predictor gives finite latencies: ${advice}`)
}

/** Predicts each fold with the blend that the other folds choose. */
function nestedValidation(
  trial: Trial,
  measured: readonly number[],
  folds: readonly Fold[],
): Validation {
  const predicted = new Float64Array(measured.length)
  const uncertainties = new Float64Array(measured.length)
  for (const { heldOut } of folds) {
    const held = new Set(heldOut)
    const others = [...measured.keys()].filter((row) => !held.has(row))
    const weights = chooseBlend(trial, measured, others)
    for (const row of heldOut) {
      predicted[row] = blended(weights, (name) => trial[name].predicted[row])
      uncertainties[row] = blendedUncertainty(weights, (name) => trial[name].uncertainties[row])
    }
  }
  return { predicted, uncertainties }
}

/** Fits the parts of a blend to all samples. */
async function fitBlend(
  candidates: Candidates,
  samples: readonly Sample[],
  weights: Weights,
  options: FitOptions,
): Promise<AutoModel> {
  const names = Object.keys(candidates).filter((name) => weights[name])
  const models = await fitWhole(names, (name) => candidates[name], samples, options)
  const parts = names.map((model): Part => {
    return { model, weight: weights[model], parameters: models[model].toJSON() }
  })
  return new AutoModel(parts, models)
}

function latenciesOf(samples: readonly Sample[]): number[] {
  return samples.map(({ latency_ms }) => latency_ms)
}

function loadParts(parts: readonly Part[], latencyScale: LatencyScale, findKind: FindKind) {
  const models = parts.map(({ model, parameters }) => {
    return [model, findKind(model).fromJSON(parameters, latencyScale, findKind)] as const
  })
  return Object.fromEntries(models)
}

/** A list in words: "a, b and c". */

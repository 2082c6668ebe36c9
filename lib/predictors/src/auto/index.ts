import { LetiError, type Features } from '@leti/records'
import { additive } from '../additive/index.js'
import { finiteNumber, list, object, oneOf } from '../checks.js'
import { crossValidate } from '../cross-validate.js'
import { foldsOf, type Fold } from '../folds.js'
import { gbdt } from '../gbdt/index.js'
import { gp } from '../gp/index.js'
import { flops } from '../kinds/flops.js'
import { lut } from '../kinds/lut.js'
import type { FitOptions, Kind, Model, Sample } from '../model.js'
import { blended, chooseBlend, type Trial, type Weights } from './blend.js'

/** What is tried: the kinds that fit in seconds. */
const CANDIDATES = { flops, lut, additive, gp, gbdt } satisfies Record<string, Kind>

type CandidateName = keyof typeof CANDIDATES

const NAMES = Object.keys(CANDIDATES) as CandidateName[]

/** Trees need some data before they are worth trying. */
const MIN_SAMPLES: Partial<Record<CandidateName, number>> = { gbdt: 150 }

const FOLDS = 5

interface Part {
  readonly model: CandidateName
  readonly weight: number
  readonly parameters: object
}

interface AutoParameters {
  readonly parts: readonly Part[]
}

class AutoModel implements Model {
  private readonly weights: Weights

  constructor(
    private readonly parts: readonly Part[],
    private readonly models: Readonly<Record<string, Model>>,
  ) {
    this.weights = Object.fromEntries(parts.map(({ model, weight }) => [model, weight]))
  }

  check(features: Features): void {
    for (const { model } of this.parts) this.models[model].check(features)
  }

  estimate(features: Features): number {
    if (this.parts.length === 1) return this.models[this.parts[0].model].estimate(features)
    return blended(this.weights, (name) => this.models[name].estimate(features))
  }

  toJSON(): AutoParameters {
    return { parts: this.parts }
  }
}

export const auto: Kind = {
  summary: 'the best of flops, lut, additive, gp and gbdt by cross-validation, or a blend of them',

  async fit(samples, options) {
    const trial = await tryCandidates(samples, foldsOf(samples, FOLDS, options.seed), options)
    return fitBlend(samples, chooseBlend(trial, latencies(samples), [...samples.keys()]), options)
  },

  fromJSON(value, target) {
    const parts = list(object(value, 'parameters').parts, 'parameters.parts').map(toPart)
    if (!parts.length) throw new LetiError('usage', '"parameters.parts" must not be empty')
    const models = parts.map(
      ({ model, parameters }) => [model, CANDIDATES[model].fromJSON(parameters, target)] as const,
    )
    return new AutoModel(parts, Object.fromEntries(models))
  },
}

/** What each candidate predicts for the samples of each fold, fitted to the others. */
export async function tryCandidates(
  samples: readonly Sample[],
  folds: readonly Fold[],
  options: FitOptions,
): Promise<Trial> {
  const trial: Record<string, Float64Array> = {}
  for (const name of NAMES) {
    if (samples.length < (MIN_SAMPLES[name] ?? 0)) continue
    trial[name] = (await crossValidate(CANDIDATES[name], samples, folds, options)).predicted
  }
  return trial
}

/**
 * What `auto` predicts for the samples of each fold, the choice made by the other folds alone: what a
 * nested cross-validation would give, for the price of a plain one.
 */
export function nestedPredictions(
  trial: Trial,
  samples: readonly Sample[],
  folds: readonly Fold[],
): Float64Array {
  const measured = latencies(samples)
  const predictions = new Float64Array(samples.length)
  for (const { heldOut } of folds) {
    const held = new Set(heldOut)
    const others = [...samples.keys()].filter((row) => !held.has(row))
    const weights = chooseBlend(trial, measured, others)
    for (const row of heldOut) predictions[row] = blended(weights, (name) => trial[name][row])
  }
  return predictions
}

/** Fits the parts of a blend to all of the samples. */
export async function fitBlend(
  samples: readonly Sample[],
  weights: Weights,
  options: FitOptions,
): Promise<AutoModel> {
  const parts: Part[] = []
  const models: Record<string, Model> = {}
  for (const model of NAMES) {
    if (!weights[model]) continue
    models[model] = await CANDIDATES[model].fit(samples, options)
    parts.push({ model, weight: weights[model], parameters: models[model].toJSON() })
  }
  return new AutoModel(parts, models)
}

function latencies(samples: readonly Sample[]): number[] {
  return samples.map(({ latency_ms }) => latency_ms)
}

function toPart(value: unknown, index: number): Part {
  const place = `parameters.parts[${index}]`
  const part = object(value, place)
  return {
    model: oneOf(part.model, `${place}.model`, NAMES),
    weight: finiteNumber(part.weight, `${place}.weight`),
    parameters: object(part.parameters, `${place}.parameters`),
  }
}

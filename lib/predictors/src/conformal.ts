import { finiteNumber, list, object } from './checks.js'
import type { Validation } from './validation.js'

/**
 * What error bars are made of: the relative errors |measured - predicted| / predicted of samples that
 * were predicted by fits without them, each divided by the uncertainty in its prediction where the kind has
 * such, in bins by predicted latency where there are enough. An interval that holds the right share of
 * these holds about the same share of new ones (cross-conformal prediction: Vovk, "Cross-conformal
 * predictors", 2015; bins: Vovk et al., Mondrian confidence machine).
 */
export interface Conformal {
  readonly bins: readonly ConformalBin[]
}

interface ConformalBin {
  /** Predictions below this belong to it; absent in the last one. */
  readonly below_ms?: number
  /** Ascending. */
  readonly errors: readonly number[]
}

/** A bin needs this many errors for its quantiles to be worth having. */
const BIN_SIZE = 100
const MAX_BINS = 4

/** So many errors tell quantiles as well as more would. */
const MAX_ERRORS = 1000

/** @param predicted of each sample by a fit without it, ms; those that are no latency are left out */
export function conformalOf(
  measured: readonly number[],
  { predicted, uncertainties }: Validation,
): Conformal {
  const scored = measured.flatMap((latency, i) =>
    predicted[i] > 0
      ? [{ at: predicted[i], error: Math.abs(latency / predicted[i] - 1) / uncertainties[i] }]
      : [],
  )
  scored.sort((a, b) => a.at - b.at)
  const count = Math.max(1, Math.min(MAX_BINS, Math.floor(scored.length / BIN_SIZE)))
  const bound = (bin: number): number => Math.round((bin * scored.length) / count)
  const bins = Array.from({ length: count }, (_, bin): ConformalBin => {
    const own = scored.slice(bound(bin), bound(bin + 1))
    const errors = thinned(own.map(({ error }) => error).sort((a, b) => a - b))
    return bin < count - 1 ? { below_ms: scored[bound(bin + 1)].at, errors } : { errors }
  })
  return { bins }
}

/**
 * How far around a prediction the interval reaches, as a part of it; undefined where the errors are
 * too few for so high a coverage.
 */
export function reachOf(
  { bins }: Conformal,
  latency_ms: number,
  coverage: number,
  uncertainty = 1,
) {
  const bin = bins.find(({ below_ms }) => below_ms === undefined || latency_ms < below_ms)
  if (!bin) return undefined
  const rank = Math.ceil((bin.errors.length + 1) * coverage)
  return rank > bin.errors.length ? undefined : uncertainty * bin.errors[rank - 1]
}

/** The share of samples whose interval, made of the other samples' errors, holds what was measured. */
export function empiricalCoverage(
  measured: readonly number[],
  { predicted, uncertainties }: Validation,
  folds: readonly { readonly heldOut: readonly number[] }[],
  coverage: number,
): number {
  let inside = 0
  let judged = 0
  for (const { heldOut } of folds) {
    const held = new Set(heldOut)
    const others = [...measured.keys()].filter((index) => !held.has(index))
    const conformal = conformalOf(
      others.map((index) => measured[index]),
      {
        predicted: Float64Array.from(others, (index) => predicted[index]),
        uncertainties: Float64Array.from(others, (index) => uncertainties[index]),
      },
    )
    for (const index of heldOut) {
      const reach = reachOf(conformal, predicted[index], coverage, uncertainties[index])
      if (reach === undefined) continue
      judged++
      if (Math.abs(measured[index] / predicted[index] - 1) <= reach) inside++
    }
  }
  return inside / judged
}

/** @throws {LetiError} `usage` */
export function toConformal(value: unknown): Conformal {
  const bins = list(object(value, 'conformal').bins, 'conformal.bins').map((item, index) => {
    const place = `conformal.bins[${index}]`
    const { below_ms, errors } = object(item, place)
    if (below_ms !== undefined) finiteNumber(below_ms, `${place}.below_ms`)
    list(errors, `${place}.errors`).forEach((error, i) =>
      finiteNumber(error, `${place}.errors[${i}]`),
    )
    return item as ConformalBin
  })
  return { bins }
}

/** Evenly chosen where there are too many; four digits are enough. */
function thinned(errors: readonly number[]): number[] {
  const count = Math.min(errors.length, MAX_ERRORS)
  return Array.from({ length: count }, (_, i) => {
    const index = Math.round(((i + 1) * (errors.length + 1)) / (count + 1)) - 1
    return Number(errors[Math.min(Math.max(index, 0), errors.length - 1)].toPrecision(4))
  })
}

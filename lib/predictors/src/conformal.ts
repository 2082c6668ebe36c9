import type { Schema, Static } from '@leti/records'
import type { Reach } from './limits/index.js'
import { median } from './linear-algebra.js'
import { thinned } from './thinned.js'
import { slowEndOf, SLOW_END, upwardReach } from './slow-end.js'
import { boundOf } from './tolerance.js'
import type { Validation } from './validation.js'

export const CONFORMAL = {
  type: 'object',
  description:
    'Errors of the cross-validation that prediction intervals are computed from. ' +
    'Absent in old files.',
  required: ['bins'],
  properties: {
    bins: {
      type: 'array',
      description: 'Errors by predicted latency, in ascending order.',
      items: {
        type: 'object',
        required: ['errors'],
        properties: {
          below_ms: {
            type: 'number',
            description: 'Upper bound of the predicted latency, ms. Absent in the last bin.',
          },
          errors: {
            type: 'array',
            items: { type: 'number' },
            description:
              '|measured - predicted| / predicted, divided by the uncertainty, in ascending order.',
          },
        },
      },
    },
    slow_end: SLOW_END,
  },
} as const satisfies Schema

/**
 * The held-out errors that prediction intervals are computed from: |measured - predicted| / predicted,
 * divided by the uncertainty of the prediction. With enough samples they are binned by predicted latency.
 * An interval that contains a share of these errors contains about the same share of new ones
 * (cross-conformal prediction: Vovk, "Cross-conformal predictors", 2015; bins: Vovk et al., "Mondrian
 * confidence machine", 2003). `tolerance.ts` allows for a small number of errors.
 */
export type Conformal = Static<typeof CONFORMAL>

type ConformalBin = Conformal['bins'][number]

/** Least errors per bin: fewer do not give useful quantiles. */
const BIN_SIZE = 100
const MAX_BINS = 4

/**
 * Computes the errors of a cross-validation, one for each network: to measure a network again says nothing
 * about others. Predictions that are not above 0 are left out.
 *
 * @param measured latencies in ms, in the order of the validation
 * @param networks the network of each measurement. Absent: all differ.
 */
export function conformalOf(
  measured: readonly number[],
  { predicted, uncertainties }: Validation,
  networks: readonly string[] = measured.map((_, i) => `${i}`),
): Conformal {
  const rows = [...measured.keys()].filter((i) => predicted[i] > 0)
  // Chains of one kernel with different lengths count as one network, but have predictions of their own.
  const groups = new Map<string, number[]>()
  for (const i of rows) {
    const key = `${networks[i]} ${predicted[i]}`
    groups.set(key, [...(groups.get(key) ?? []), i])
  }
  const scored = [...groups.values()].map((same) => {
    const at = predicted[same[0]]
    const signed = same.map((i) => (measured[i] / at - 1) / uncertainties[i])
    return { at, error: median(signed.map(Math.abs)), signed: median(signed) }
  })
  scored.sort((a, b) => a.at - b.at)
  const count = Math.max(1, Math.min(MAX_BINS, Math.floor(scored.length / BIN_SIZE)))
  const bound = (bin: number): number => Math.round((bin * scored.length) / count)
  const bins = Array.from({ length: count }, (_, bin): ConformalBin => {
    const own = scored.slice(bound(bin), bound(bin + 1))
    const errors = thinned(own.map(({ error }) => error))
    return bin < count - 1 ? { below_ms: scored[bound(bin + 1)].at, errors } : { errors }
  })
  const slow_end = slowEndOf(scored, BIN_SIZE)
  return { bins, ...(slow_end && { slow_end }) }
}

/**
 * The reach of the interval around a prediction. `undefined` if there are too few errors for the coverage.
 *
 * @param coverage the share of measurements that the interval should contain
 */
export function reachOf(
  { bins, slow_end }: Conformal,
  latency_ms: number,
  coverage: number,
  uncertainty = 1,
): Reach | undefined {
  const bin = bins.find(({ below_ms }) => below_ms === undefined || latency_ms < below_ms)
  const bound = bin && boundOf(bin.errors, coverage)
  if (bound === undefined) return undefined
  const upward = slow_end ? upwardReach(slow_end, latency_ms, coverage) : 0
  return { below: uncertainty * bound, above: uncertainty * Math.max(bound, upward) }
}

/** Whether an interval holds a measured latency. */
export function holds({ below, above }: Reach, measured: number, predicted: number): boolean {
  const error = measured / predicted - 1
  return -below <= error && error <= above
}

/**
 * The share of samples whose measurement lies in their interval, if the intervals of each fold are
 * computed from the errors of the other folds. NaN if there are too few samples.
 */
export function empiricalCoverage(
  measured: readonly number[],
  { predicted, uncertainties }: Validation,
  folds: readonly { readonly heldOut: readonly number[] }[],
  coverage: number,
  networks: readonly string[] = measured.map((_, i) => `${i}`),
): number {
  let inside = 0
  let tested = 0
  for (const { heldOut } of folds) {
    const held = new Set(heldOut)
    const others = [...measured.keys()].filter((index) => !held.has(index))
    const conformal = conformalOf(
      others.map((index) => measured[index]),
      {
        predicted: Float64Array.from(others, (index) => predicted[index]),
        uncertainties: Float64Array.from(others, (index) => uncertainties[index]),
      },
      others.map((index) => networks[index]),
    )
    for (const index of heldOut) {
      const reach = reachOf(conformal, predicted[index], coverage, uncertainties[index])
      if (reach === undefined) continue
      tested++
      if (holds(reach, measured[index], predicted[index])) inside++
    }
  }
  return inside / tested
}

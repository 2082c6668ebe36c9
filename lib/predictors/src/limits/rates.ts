import {
  ACTIVATION_BYTES,
  EXECUTED_MACS,
  MACS,
  type Features,
  type KernelWork,
  type Schema,
  type Static,
} from '@leti/records'
import type { Sample } from '../sample.js'

const WEIGHT_BYTES = 'weight_bytes'

const RATE = { type: 'number', exclusiveMinimum: 0 } as const

export const RATES = {
  type: 'object',
  description: 'The highest rates at which networks of the training set ran.',
  properties: {
    macs_per_ms: { ...RATE, description: 'Multiply-accumulates per ms. Absent if unknown.' },
    bytes_per_ms: {
      ...RATE,
      description: 'Bytes of activations and weights per ms. Absent if unknown.',
    },
  },
} as const satisfies Schema

export type Rates = Static<typeof RATES>

/** Part of the rates that may come from measurements of another network, as in some published tables. */
const WRONG = 0.02

/**
 * How much faster than the highest rate a network may run. Larger networks spend less of their time on
 * launches: from 30 random networks of each of 13 published tables, at most .1% of the others (.8% where
 * the table itself is wrong) are more than twice as fast.
 */
const MARGIN = 2

interface Work {
  readonly macs: number
  readonly bytes: number
}

/** The work that a network has at least to do; NaN where it is not known. */
function workOf(features: Features, kernels?: readonly KernelWork[]): Work {
  if (kernels) {
    // A kernel that moves data may only change a pointer.
    return { macs: kernels.reduce((sum, { count, macs }) => sum + count * macs, 0), bytes: NaN }
  }
  const executed = features[EXECUTED_MACS]
  if (executed === undefined) {
    return { macs: features[MACS], bytes: features[ACTIVATION_BYTES] + features[WEIGHT_BYTES] }
  }
  // What a converter drops moves no bytes, and no feature says how many remain.
  return { macs: executed, bytes: NaN }
}

/** The highest rates of the samples. */
export function ratesOf(samples: readonly Sample[], usesKernels: boolean): Rates {
  const works = samples.map(({ features, kernels }) =>
    workOf(features, usesKernels ? kernels : undefined),
  )
  const highest = (of: (work: Work) => number): number => {
    const rates = works.map((work, i) => of(work) / samples[i].latency_ms)
    const sorted = rates.filter((rate) => rate > 0 && rate < Infinity).sort((a, b) => b - a)
    return sorted[Math.floor(WRONG * sorted.length)] ?? 0
  }
  const macs_per_ms = highest(({ macs }) => macs)
  const bytes_per_ms = highest(({ bytes }) => bytes)
  return { ...(macs_per_ms > 0 && { macs_per_ms }), ...(bytes_per_ms > 0 && { bytes_per_ms }) }
}

/** The least time that the machine can need for a network, ms. */
export function leastLatency(
  { macs_per_ms = Infinity, bytes_per_ms = Infinity }: Rates,
  features: Features,
  kernels?: readonly KernelWork[],
): number {
  const { macs, bytes } = workOf(features, kernels)
  const times = [macs / macs_per_ms, bytes / bytes_per_ms].filter((ms) => ms > 0)
  return Math.max(0, ...times) / MARGIN
}

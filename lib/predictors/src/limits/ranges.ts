import type { Features, Schema, Static } from '@leti/records'
import { columnsOf } from '../feature-columns.js'
import type { Sample } from '../sample.js'

const RANGE = {
  type: 'object',
  required: ['min', 'max', 'effect'],
  properties: {
    min: { type: 'number', description: 'Least value.' },
    max: { type: 'number', description: 'Greatest value.' },
    effect: {
      type: 'number',
      minimum: 0,
      description: 'Change of the latency over the range, as a part of the mean latency.',
    },
  },
} as const satisfies Schema

export const RANGES = {
  type: 'object',
  description:
    'The range of each feature in the training set. Features that are 0 in all are absent.',
  additionalProperties: RANGE,
} as const satisfies Schema

export type Range = Static<typeof RANGE>

export type Ranges = Readonly<Record<string, Range>>

/** A feature that lies outside of its range. */
export interface Outside {
  readonly name: string
  readonly value: number
  readonly range: Range
  /** The expected change of the latency from the end of the range to the value, relative. */
  readonly distance: number
}

/** A feature may hardly matter within its range, and matter far outside: the least effect of a whole range. */
const LEAST_EFFECT = 0.1

/** The ranges of the features that all samples have. */
export function rangesOf(samples: readonly Sample[]): Ranges {
  const latencies = samples.map(({ latency_ms }) => latency_ms)
  const mean = latencies.reduce((sum, latency) => sum + latency / samples.length, 0)
  const deviations = latencies.map((latency) => latency / mean - 1)
  const ranges: Record<string, Range> = {}
  for (const [name, values] of columnsOf(samples)) {
    // A network without the feature has no number there.
    if (values.some(Number.isNaN)) continue
    const range = rangeOf(values, deviations)
    if (range.min !== 0 || range.max !== 0) ranges[name] = range
  }
  return ranges
}

/** The effect is that of a line through all samples: features are taken one by one. */
function rangeOf(values: Float64Array, deviations: readonly number[]): Range {
  let [min, max] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < min) min = value
    if (value > max) max = value
  }
  const span = max - min
  if (!(span > 0)) return { min, max, effect: 0 }
  const parts = Array.from(values, (value) => (value - min) / span)
  const center = parts.reduce((sum, part) => sum + part, 0) / parts.length
  let [product, square] = [0, 0]
  parts.forEach((part, i) => {
    product += (part - center) * deviations[i]
    square += (part - center) ** 2
  })
  return { min, max, effect: Number(Math.abs(product / square).toPrecision(4)) }
}

/** Finds the features of a network that lie outside of their ranges. */
export class RangeCheck {
  private readonly known: ReadonlyMap<string, Range>
  /** The names of the last network, in its order, and their ranges: most networks have the same ones. */
  private names: readonly string[] = []
  private aligned: readonly (Range | undefined)[] = []

  constructor(ranges: Ranges) {
    this.known = new Map(Object.entries(ranges))
  }

  /** The features outside; none for most networks. */
  outside(features: Features): Outside[] {
    const found: Outside[] = []
    let index = 0
    for (const name in features) {
      if (name !== this.names[index]) this.align(features)
      const range = this.aligned[index++]
      if (!range) continue
      const value = features[name]
      if (value >= range.min && value <= range.max) continue
      found.push({ name, value, range, distance: distanceTo(range, value) })
    }
    return found
  }

  private align(features: Features): void {
    this.names = Object.keys(features)
    this.aligned = this.names.map((name) => this.known.get(name))
  }
}

/** If a feature was constant, the latency is taken as proportional to it. */
function distanceTo({ min, max, effect }: Range, value: number): number {
  const excess = value > max ? value - max : min - value
  const span = max - min
  return span > 0 ? (excess / span) * Math.max(LEAST_EFFECT, effect) : excess / Math.abs(max)
}

import {
  ACTIVATION_BYTES,
  EXECUTED_MACS,
  LetiError,
  MACS,
  type Arch,
  type Features,
  type KernelWork,
  type Schema,
  type Static,
} from '@leti/records'
import { COST_SUM, costOf } from './cost-sum.js'
import { EXTRAPOLATES } from './growth.js'
import { RangeCheck, RANGES, type Outside } from './ranges.js'
import { leastLatency, RATES } from './rates.js'
import { checkSettings, SETTINGS, settingsKey } from './settings.js'

const MS = { type: 'number', exclusiveMinimum: 0 } as const

export const LIMITS = {
  type: 'object',
  description:
    'What the training set says of other networks. Absent in old files, which predict any network ' +
    'with known features.',
  required: ['rates'],
  properties: {
    settings: SETTINGS,
    features: RANGES,
    latency_ms: {
      type: 'object',
      description: 'Range of the latencies from which predictions are extrapolated.',
      required: ['min', 'max'],
      properties: { min: MS, max: MS },
    },
    cost_sum: COST_SUM,
    rates: RATES,
  },
} as const satisfies Schema

export type LimitParameters = Static<typeof LIMITS>

/** The features that say most about a network: if one is too far outside, the error names it first. */
const TELLING = [
  MACS,
  EXECUTED_MACS,
  'parameters',
  'weight_bytes',
  ACTIVATION_BYTES,
  'peak_memory_bytes',
  'path_macs',
]

/** The largest distance: beyond it the latency would be more than 2.5 times that of the training set. */
const FARTHEST = 1.5

/** The largest error that an interval allows for: a wider one says nothing. */
const LARGEST_ERROR = 2

/** The distance from which on the width of the interval within the training set counts twice. */
const DOUBLED = 0.1

/** The least error of a network that is slower or faster than all that were measured. */
const LEAST_ERROR = 0.25

/** The distance of a latency from which on that error, and what the sum of costs says, count in full. */
const FULLY = 0.02

const PREDICTED = 'the predicted latency'
const COST = 'the sum of what its features cost'

/** How far an interval reaches below and above a prediction, relative to it. */
export interface Reach {
  readonly below: number
  readonly above: number
}

/** What the interval of a network outside of the training set allows for: errors, beyond those within. */
interface Allowance extends Reach {
  /** From the training set: 0 within. */
  readonly distance: number
}

/** What a predictor knows of networks unlike its training set: its limits, and the speed of the machine. */
export class Limits {
  private readonly ranges: RangeCheck
  /** Those of the last network that was not refused: most networks of a stream have the same ones. */
  private knownSettings: string | undefined

  /** @param growth the relative error that is expected at a distance of 1, if no sum of costs is known */
  constructor(
    private readonly parameters: LimitParameters,
    private readonly growth: number,
  ) {
    this.ranges = new RangeCheck(parameters.features ?? {})
  }

  /**
   * How far a network is from the training set: the relative change of the latency from its edge.
   *
   * @throws {LetiError} `out-of-domain`
   */
  distanceOf(features: Features): number {
    const outside = this.ranges.outside(features)
    const distance = Math.max(0, ...outside.map((feature) => feature.distance))
    if (distance > this.farthest) throw outOfRange(outside, this.farthest)
    return distance
  }

  /** @throws {LetiError} `out-of-domain` if a setting has a value that no training network had */
  checkSettings(arch: Arch): void {
    if (!this.parameters.settings) return
    const settings = settingsKey(arch)
    if (settings === this.knownSettings) return
    checkSettings(this.parameters.settings, arch)
    this.knownSettings = settings
  }

  /**
   * What is to be allowed for a prediction. A kind may see no difference between a network and those that it
   * was trained on: what a sum of costs says counts as well.
   *
   * @param distance of the features
   * @throws {LetiError} `out-of-domain`
   */
  allowanceFor(features: Features, predicted: number, distance: number): Allowance {
    const { latency_ms, cost_sum } = this.parameters
    const cost = latency_ms && cost_sum && costOf(cost_sum, features)
    const ofCost = cost === undefined ? 0 : this.distanceOfLatency(cost, COST)
    const ofLatency = Math.max(ofCost, this.distanceOfLatency(predicted, PREDICTED))
    const beyond = Math.min(1, ofLatency / FULLY)
    const farther = Math.max(distance, ofLatency)
    // Where a kind stays at the level of its training set, the interval reaches to the sum, which rises.
    const growth = cost === undefined ? this.growth : EXTRAPOLATES
    const error = growth * farther + LEAST_ERROR * beyond
    if (!latency_ms || !cost_sum || cost === undefined) {
      return { distance: farther, below: error, above: error }
    }
    const toSum = beyond * (cost / predicted - 1)
    // No network costs the base alone: in one that is faster than all others it may be anything above 0.
    const isFaster = Math.min(cost, predicted) < latency_ms.min
    const base = isFaster ? (beyond * cost_sum.base_ms) / predicted : 0
    if (error + Math.abs(toSum) <= LARGEST_ERROR) {
      const below = error + Math.max(0, -toSum) + base
      return { distance: farther, below, above: error + Math.max(0, toSum) }
    }
    throw new LetiError(
      'out-of-domain',
      `${PREDICTED} is ${shortNumber(predicted)} ms, but ${COST} is ${shortNumber(cost)} ms: ` +
        'the network is too unlike the training set',
    )
  }

  /** The reach of an interval, from that within the training set. */
  widened(within: Reach, { distance, below, above }: Allowance): Reach {
    const factor = Math.min(2, 1 + distance / DOUBLED)
    return { below: factor * within.below + below, above: factor * within.above + above }
  }

  /** The least time that the machine can need, ms. */
  leastLatency(features: Features, kernels?: readonly KernelWork[]): number {
    return leastLatency(this.parameters.rates, features, kernels)
  }

  /**
   * How far a latency is from those of the training set, relative.
   *
   * @throws {LetiError} `out-of-domain`
   */
  private distanceOfLatency(latency: number, what: string): number {
    const { latency_ms } = this.parameters
    if (!latency_ms) return 0
    const { min, max } = latency_ms
    const distance = Math.max(0, latency / max - 1, min / latency - 1)
    if (distance <= this.farthest) return distance
    const range = `${shortNumber(min)} to ${shortNumber(max)} ms`
    throw new LetiError(
      'out-of-domain',
      `${what} is ${shortNumber(latency)} ms: the predictor was trained on ${range}`,
    )
  }

  private get farthest(): number {
    const growth = this.parameters.cost_sum ? EXTRAPOLATES : this.growth
    return Math.min(FARTHEST, LARGEST_ERROR / growth)
  }
}

function outOfRange(outside: readonly Outside[], farthest: number): LetiError {
  const far = outside
    .filter(({ distance }) => distance > farthest)
    .toSorted((a, b) => b.distance - a.distance)
  const telling = TELLING.map((name) => far.find((feature) => feature.name === name))
  const { name, value, range } = telling.find((feature) => feature !== undefined) ?? far[0]
  const { min, max } = range
  const seen = min === max ? `${min} only` : `${min} to ${max}`
  return new LetiError(
    'out-of-domain',
    `feature "${name}" is ${value}: the predictor was trained on ${seen}`,
  )
}

/** For people: four digits. */
export function shortNumber(ms: number): string {
  return `${Number(ms.toPrecision(4))}`
}

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

/** The largest distance: beyond it the latency would be more than twice that of the training set. */
const FARTHEST = 1

/** The largest error that an interval allows for: a wider one says nothing. */
const LARGEST_ERROR = 1.5

/** The distance from which on the width of the interval within the training set counts twice. */
const DOUBLED = 0.1

/** The distance from which on an interval reaches to what the sum of costs says. */
const FULLY = 0.05

const PREDICTED = 'the predicted latency'
const COST = 'the sum of what its features cost'

/** What the interval of a network outside of the training set allows for. */
interface Allowance {
  /** From the training set: 0 within. */
  readonly distance: number
  /** An error relative to the prediction. */
  readonly error: number
}

/** What a predictor knows of networks unlike its training set: its limits, and the speed of the machine. */
export class Limits {
  private readonly ranges: RangeCheck
  /** Those of the last network that was not refused: most networks of a stream have the same ones. */
  private knownSettings: string | undefined

  /** @param growth the relative error that is expected at a distance of 1 */
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
    const costDistance = cost === undefined ? 0 : this.distanceOfLatency(cost, COST)
    const farther = Math.max(distance, costDistance, this.distanceOfLatency(predicted, PREDICTED))
    const difference = cost === undefined ? 0 : Math.abs(cost / predicted - 1)
    const error = this.growth * farther + Math.min(1, costDistance / FULLY) * difference
    if (cost === undefined || error <= LARGEST_ERROR) return { distance: farther, error }
    throw new LetiError(
      'out-of-domain',
      `${PREDICTED} is ${shortNumber(predicted)} ms, but ${COST} is ${shortNumber(cost)} ms: ` +
        'the network is too unlike the training set',
    )
  }

  /** The half-width of an interval, both relative to the prediction. */
  widened(reach: number, { distance, error }: Allowance): number {
    return reach * Math.min(2, 1 + distance / DOUBLED) + error
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
    return Math.min(FARTHEST, LARGEST_ERROR / this.growth)
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

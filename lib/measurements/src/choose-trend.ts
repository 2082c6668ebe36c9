import { medianOf } from './order-statistics.js'
import { unitStarts } from './pool.js'
import { shapesOf } from './shapes.js'
import { fitTrend, residualsOf, type Series, type Shape, type Trend } from './trend.js'

/** With fewer networks of several visits no trend is fitted. */
const FEWEST_NETWORKS = 8

const FOLDS = 10

/** By which share a trend must make the visits of networks that it has not seen agree better than a simpler one. */
export const WORTH = 0.02

/** A trend that serves the visits far off must not cost the usual ones more than this share. */
const SLACK = 0.05

/** A change point is where it fits best: each must be worth this many networks. */
const CUT = 3

export interface ChosenTrend extends Trend {
  /** `undefined` if no trend is worth its degrees of freedom. */
  readonly shape: Shape | undefined
  /** What is left of each visit without network and trend, log, if the trend has not seen its network. */
  readonly unseen: Float64Array
}

interface Candidate {
  readonly trend: Trend
  readonly shape: Shape | undefined
  readonly unseen: Float64Array
  /** Mean |difference| between visits of unseen networks, with a price for each change point. */
  readonly error: number
  /** The median of the same, without what all networks have in common. */
  readonly usual: number
}

/**
 * Fits the trend with which the visits of unseen networks agree best; none unless it is worth it. Each unit has a
 * level in any case.
 *
 * @param worth by which share it must make them agree better than no trend
 */
export function chooseTrend(series: Series, worth: number): ChosenTrend {
  const used = repeated(series)
  const starts = unitStarts(series)
  const none = candidate(series, starts.length > 1 ? { starts, window: 0 } : undefined, used)
  let best = none
  const networks = new Set(series.networks.filter((_, i) => used[i] > 0))
  if (networks.size >= FEWEST_NETWORKS) {
    for (const shape of shapesOf(series, used)) {
      const other = candidate(series, shape, used)
      if (isBetter(other, best) && other.error < (1 - worth) * none.error) best = other
    }
  }
  return { ...best.trend, shape: best.shape, unseen: best.unseen }
}

function isBetter(other: Candidate, best: Candidate): boolean {
  return other.error < (1 - WORTH) * best.error && other.usual <= (1 + SLACK) * best.usual
}

/** 1 for the visits of networks with several: a network with one visit tells nothing of the trend. */
function repeated({ networks, networkCount }: Series): Float64Array {
  const counts = new Int32Array(networkCount)
  for (const network of networks) counts[network]++
  return Float64Array.from(networks, (network) => (counts[network] > 1 ? 1 : 0))
}

function candidate(series: Series, shape: Shape | undefined, used: Float64Array): Candidate {
  const trend = fitTrend(series, shape, used)
  const unseen = shape
    ? unseenResiduals(series, shape, trend)
    : residualsOf(series, trend.values, used)
  const differences = differencesOf(series, unseen)
  const cuts = (shape?.starts.length ?? 1) - 1
  const mean = differences.reduce((sum, one) => sum + Math.abs(one), 0) / differences.length
  const common = medianOf(differences)
  return {
    trend,
    shape,
    unseen,
    error: mean * (1 + (CUT * cuts) / differences.length),
    usual: medianOf(differences.map((one) => Math.abs(one - common))),
  }
}

/** The difference of the first two visits of each network. */
function differencesOf({ networks }: Series, unseen: Float64Array): number[] {
  const first = new Map<number, number>()
  const differences = new Map<number, number>()
  networks.forEach((network, i) => {
    const before = first.get(network)
    if (before === undefined) first.set(network, unseen[i])
    else if (!differences.has(network)) differences.set(network, unseen[i] - before)
  })
  return [...differences.values()]
}

/** Each tenth of the networks in turn is left out of the fit. */
function unseenResiduals(series: Series, shape: Shape, whole: Trend): Float64Array {
  const unseen = new Float64Array(series.logs.length)
  const same = new Float64Array(series.logs.length).fill(1)
  for (let fold = 0; fold < FOLDS; fold++) {
    const left = (i: number) => series.networks[i] % FOLDS === fold
    const weights = whole.weights.map((weight, i) => (left(i) ? 0 : weight))
    const { values } = fitTrend(series, shape, weights, whole)
    const residuals = residualsOf(series, values, same)
    for (let i = 0; i < unseen.length; i++) if (left(i)) unseen[i] = residuals[i]
  }
  return unseen
}

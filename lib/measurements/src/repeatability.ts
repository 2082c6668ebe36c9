import { medianOf, quantileOf } from './order-statistics.js'

/** The MAPE of a perfect predictor against measurements with a noise of 1: the mean of |z| of a normal distribution. */
const MAPE_OF_NOISE = Math.sqrt(2 / Math.PI)

/** A normal distribution's deviation is its median absolute deviation times this. */
const DEVIATIONS = 1.4826

/** With fewer pairs, the noise is no number to rely on: one pair has none at all beside the bias. */
const FEWEST_PAIRS = 8

/** What detrend says of a latency. */
interface Quality {
  /** Of one visit's median. */
  readonly noise?: number | undefined
  /** Of one visit's quickest run. */
  readonly min_noise?: number | undefined
  readonly visits?: number | undefined
}

/** How well two measurements of the same networks agree. Relative differences, as logarithms. */
export interface Repeatability {
  readonly networks: number
  /** Median difference: how much slower the second was. */
  readonly bias: number
  /** Of |difference| without the bias. */
  readonly medianDifference: number
  readonly p90Difference: number
  /** Deviation of one measurement, from the difference of two. */
  readonly noise: number
  /** The MAPE that no predictor can beat: .798 of the noise. */
  readonly mapeFloor: number
}

/**
 * @param first latencies, ms, at least one
 * @param second those of the same networks, in the same order
 */
export function repeatability(first: readonly number[], second: readonly number[]): Repeatability {
  const differences = first.map((latency, i) => Math.log(second[i] / latency))
  const { bias, sizes } = withoutBias(differences)
  const noise = noiseOf(sizes)
  return {
    networks: first.length,
    bias,
    medianDifference: medianOf(sizes),
    p90Difference: quantileOf(sizes, 0.9),
    noise,
    mapeFloor: MAPE_OF_NOISE * noise,
  }
}

/**
 * The relative deviation of one visit.
 *
 * @param differences of the logarithms of two visits, one for each network
 * @returns `undefined` if there are too few
 */
export function noiseOfVisits(differences: readonly number[]): number | undefined {
  return differences.length < FEWEST_PAIRS ? undefined : noiseOf(withoutBias(differences).sizes)
}

/**
 * The relative deviation of a latency that detrend found; `undefined` if detrend does not tell the noise of the
 * statistic. The median is about as good as the mean of as many visits. The least of n is n times better if what slows runs
 * down is distributed exponentially. On a shared computer the least of two was 1.6 times better (`scripts/bench`), so
 * this deviation is rather too small.
 */
export function deviationOf(
  { noise, min_noise, visits = 1 }: Quality = {},
  statistic = 'median',
): number | undefined {
  const count = Math.max(1, visits)
  if (statistic === 'median') return noise && noise / Math.sqrt(count)
  return statistic === 'min' ? min_noise && min_noise / count : undefined
}

/**
 * The MAPE that no predictor can beat on latencies, %.
 *
 * @param deviations of the latencies, relative, at least one
 */
export function mapeFloorOf(deviations: readonly number[]): number {
  const sum = deviations.reduce((total, deviation) => total + deviation, 0)
  return (100 * MAPE_OF_NOISE * sum) / deviations.length
}

function withoutBias(differences: readonly number[]) {
  const bias = medianOf(differences)
  return { bias, sizes: differences.map((difference) => Math.abs(difference - bias)) }
}

function noiseOf(sizes: readonly number[]): number {
  return (DEVIATIONS * medianOf(sizes)) / Math.SQRT2
}

import { medianOf, quantileOf } from './order-statistics.js'

/** Mean of |z| of a normal distribution: sqrt(2 / pi). */
const MEAN_OF_ABSOLUTE = Math.sqrt(2 / Math.PI)

/** A normal distribution's deviation is its median absolute deviation times this. */
const DEVIATIONS = 1.4826

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
  const bias = medianOf(differences)
  const sizes = differences.map((difference) => Math.abs(difference - bias))
  const noise = (DEVIATIONS * medianOf(sizes)) / Math.SQRT2
  return {
    networks: first.length,
    bias,
    medianDifference: medianOf(sizes),
    p90Difference: quantileOf(sizes, 0.9),
    noise,
    mapeFloor: MEAN_OF_ABSOLUTE * noise,
  }
}

/** The share of training sets with which a rank holds what it promises. */
const CONFIDENCE = 0.9

/**
 * The normal quantile of the confidence (97.5%) in a bound that follows from the mean error. It is higher
 * since neither the distribution nor the independence of the errors is certain. Chosen by the results of
 * `scripts/bench/intervals.js`.
 */
const DEVIATIONS = 1.96

/** Largest shortfall of the coverage that a bound may have, and its largest part of what is left out. */
const SHORTFALL = 0.05
const SHORTFALL_PART = 0.5

/** From this quantile on, exponential errors are larger than normal or uniform ones of the same mean. */
const TAIL = 0.8

/** The last bound of each list of errors: every prediction of a stream asks for the same one. */
const known = new WeakMap<readonly number[], { coverage: number; bound: number | undefined }>()

/**
 * The bound that a share `coverage` of new errors does not exceed. `undefined` if there are too few errors.
 *
 * In the mean over training sets, the quantile of the known errors is such a bound. But the share that it
 * contains varies: with 10 errors, the bound of 90% contains less than 85% for every fifth training set. So
 * it is raised to the smaller of two bounds that hold for nine of ten training sets:
 *
 * - an error of higher rank, which contains nearly the share (85% for 90%) whatever the distribution of the
 *   errors is (Wilks, "Determination of Sample Sizes for Setting Tolerance Limits", 1941);
 * - a multiple of the mean error, which contains the share if the errors are exponential.
 *
 * From about 60 errors on, the quantile of 90% suffices.
 *
 * @param errors absolute errors, ascending; they must not change
 */
export function boundOf(errors: readonly number[], coverage: number): number | undefined {
  const last = known.get(errors)
  if (last?.coverage === coverage) return last.bound
  const bound = boundAnew(errors, coverage)
  known.set(errors, { coverage, bound })
  return bound
}

function boundAnew(errors: readonly number[], coverage: number): number | undefined {
  const rank = Math.ceil((errors.length + 1) * coverage)
  if (rank > errors.length) return undefined
  const least = coverage - Math.min(SHORTFALL, SHORTFALL_PART * (1 - coverage))
  const safeRank = toleranceRank(errors.length, least)
  if (safeRank <= rank) return errors[rank - 1]
  const exponential = exponentialBound(errors, coverage)
  const ranked = errors[safeRank - 1] ?? exponential
  return Math.max(errors[rank - 1], coverage < TAIL ? ranked : Math.min(ranked, exponential))
}

/**
 * The least rank whose error bounds the share of new errors with confidence. It is above `count` if even
 * the largest error is too small.
 *
 * The share below the error of a rank has a beta distribution. It is less than `share` if at least `rank` of
 * the `count` errors are among that share: a binomial distribution.
 */
function toleranceRank(count: number, share: number): number {
  let rank = count + 1
  let risk = 0
  // The logarithm of the probability that rank - 1 errors are: the probability itself may underflow.
  let log = count * Math.log(share)
  const odds = Math.log((1 - share) / share)
  while (rank > 1 && risk + Math.exp(log) <= 1 - CONFIDENCE) {
    risk += Math.exp(log)
    rank--
    log += odds + Math.log(rank / (count + 1 - rank))
  }
  return rank
}

/** The bound of a share of exponential errors, with confidence. */
function exponentialBound(errors: readonly number[], share: number): number {
  const sum = errors.reduce((total, error) => total + error, 0)
  return (-Math.log(1 - share) * sum) / gammaQuantile(errors.length)
}

/** The lower quantile of a sum of `count` exponential variables of mean 1 (Wilson and Hilferty, 1931). */
function gammaQuantile(count: number): number {
  const part = 1 / (9 * count)
  return count * (1 - part - DEVIATIONS * Math.sqrt(part)) ** 3
}

import { medianOf } from './order-statistics.js'

/** A network's latency in one visit. Relative figures are of its logarithm. */
export interface Sitting {
  readonly latencyMs: number
  /** Number of runs. */
  readonly count: number
  /** Relative variance of the latency that the noise of the runs leaves. */
  readonly variance: number
}

/** Two visits of one network that follow each other. */
export interface Revisit {
  readonly first: Sitting
  readonly second: Sitting
}

/** Pairs that are needed to tell the variance between visits. */
const FEWEST_REVISITS = 5

/** A pair that differs by this many robust deviations more than others says nothing about them. */
const OUTLYING = 5
/** Fewer pairs do not tell what is usual. */
const FEWEST_USUAL = 20
/** The standard deviation of a normal distribution in median absolute deviations. */
const DEVIATIONS = 1.4826

/**
 * The variance between visits (Kalibera and Jones, "Rigorous benchmarking in reasonable time", ISMM 2013, section 6).
 * The variance of visits holds a share of that within them, by which it is corrected: the result is unbiased. What all
 * networks gain or lose from one pass to the next is not counted.
 *
 * @param passes the pairs of each pass over the networks
 * @returns relative, with its standard error; negative by chance if visits hardly differ; `undefined` for too few pairs
 */
export function varianceBetween(
  passes: Iterable<readonly Revisit[]>,
): { readonly variance: number; readonly error: number } | undefined {
  const kept = usualOf([...passes].filter((pass) => pass.length > 0))
  const count = kept.reduce((sum, pass) => sum + pass.length, 0)
  const freedom = count - kept.length
  if (count < FEWEST_REVISITS || freedom < 1) return undefined
  let squares = 0
  let noise = 0
  for (const pass of kept) {
    const mean = pass.reduce((sum, pair) => sum + differenceOf(pair), 0) / pass.length
    for (const pair of pass) {
      squares += (differenceOf(pair) - mean) ** 2
      noise += pair.first.variance + pair.second.variance
    }
  }
  // A difference has the variance of two visits.
  const ofVisits = squares / freedom / 2
  return { variance: ofVisits - noise / count / 2, error: ofVisits * Math.sqrt(2 / freedom) }
}

/** Leaves out pairs that differ far more than others. */
function usualOf(passes: readonly (readonly Revisit[])[]): readonly (readonly Revisit[])[] {
  const middles = passes.map((pass) => medianOf(pass.map(differenceOf)))
  const distance = (pair: Revisit, pass: number): number =>
    Math.abs(differenceOf(pair) - middles[pass])
  const distances = passes.flatMap((pass, i) => pass.map((pair) => distance(pair, i)))
  if (distances.length < FEWEST_USUAL) return passes
  const limit = OUTLYING * DEVIATIONS * medianOf(distances)
  return passes
    .map((pass, i) => pass.filter((pair) => distance(pair, i) <= limit))
    .filter((pass) => pass.length > 0)
}

function differenceOf({ first, second }: Revisit): number {
  return Math.log(second.latencyMs / first.latencyMs)
}

/**
 * The number of runs a visit that gives the most precision for the time (Kalibera and Jones, section 7): more of them
 * would cost more than they tell, since visits differ from each other.
 *
 * @param costs of a visit beside its runs, and of a run
 * @param variances between visits, and of a run within a visit
 */
export function bestRepetitions(
  costs: { readonly visit: number; readonly run: number },
  variances: { readonly visit: number; readonly run: number },
): number {
  const best = Math.sqrt((costs.visit / costs.run) * (variances.run / variances.visit))
  return Math.max(Math.ceil(best), 1)
}

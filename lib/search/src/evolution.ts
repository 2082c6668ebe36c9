import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import type { Judge, Judged } from './judge.js'
import type { SearchOptions } from './random.js'
import type { SearchSpace } from './space.js'
import { Trials } from './trials.js'

/** As NAS-Bench-101's authors chose them. */
const POPULATION = 50
const TOURNAMENT = 10

interface Member<Genes> {
  readonly genes: Genes
  readonly judged: Judged
}

/**
 * Regularized evolution (Real et al., "Regularized Evolution for Image Classifier Architecture Search", AAAI
 * 2019): the winner of a tournament has a child, which replaces the oldest of the population. Networks outside of
 * the budget are not born.
 *
 * The published method has one objective. Here the whole front is wanted, so each tournament has a budget of its
 * own, drawn between the fastest of the population and the budget: the best within it wins.
 *
 * @param budget_ms of the latency
 */
export async function* evolution<Genes>(
  space: SearchSpace<Genes>,
  judge: Judge,
  { seed, evaluations, budget_ms }: SearchOptions & { readonly budget_ms: number },
): AsyncGenerator<Judged> {
  const random = mersenne(seed)
  const trials = new Trials(space, judge, evaluations)
  const population: Member<Genes>[] = []
  while (!trials.over) {
    const isFull = population.length >= POPULATION
    const genes = isFull
      ? space.mutate(winner(population, budget_ms, random), random)
      : space.draw(random)
    const trial = await trials.judged(genes)
    if (!trial) continue
    if (trial.isNew) yield trial.judged
    if (isFull) population.shift()
    population.push({ genes, judged: trial.judged })
  }
}

/** The genes of the winner of a tournament. */
function winner<Genes>(
  population: readonly Member<Genes>[],
  budget_ms: number,
  random: RandomGenerator,
): Genes {
  const fastest = Math.min(...population.map(({ judged }) => judged.latency_ms))
  const limit = fastest + uniformFloat64(random) * (budget_ms - fastest)
  return sampled(population, random).reduce((best, other) =>
    wins(other.judged, best.judged, limit) ? other : best,
  ).genes
}

/** Within the limit the larger value wins, else the smaller latency. */
function wins(a: Judged, b: Judged, limit: number): boolean {
  const aWithin = a.latency_ms <= limit
  const bWithin = b.latency_ms <= limit
  if (aWithin && bWithin) return a.value > b.value
  return aWithin || (!bWithin && a.latency_ms < b.latency_ms)
}

/** `TOURNAMENT` members, without replacement: the start of a Fisher-Yates shuffle. */
function sampled<Genes>(
  population: readonly Member<Genes>[],
  random: RandomGenerator,
): Member<Genes>[] {
  const members = [...population]
  return Array.from({ length: TOURNAMENT }, (_, place) => {
    const other = uniformInt(random, place, members.length - 1)
    const chosen = members[other]
    members[other] = members[place]
    return chosen
  })
}

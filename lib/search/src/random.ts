import { mersenne } from 'pure-rand/generator/mersenne'
import type { Judge, Judged } from './judge.js'
import type { SearchSpace } from './space.js'
import { Trials } from './trials.js'

export interface SearchOptions {
  readonly seed: number
  /** Number of distinct networks within the budget to judge. */
  readonly evaluations: number
}

/** Judges networks drawn at random. */
export async function* randomSearch<Genes>(
  space: SearchSpace<Genes>,
  judge: Judge,
  { seed, evaluations }: SearchOptions,
): AsyncGenerator<Judged> {
  const random = mersenne(seed)
  const trials = new Trials(space, judge, evaluations)
  while (!trials.over) {
    const trial = await trials.judged(space.draw(random))
    if (trial?.isNew) yield trial.judged
  }
}

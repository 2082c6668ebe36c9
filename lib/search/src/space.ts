import type { LetiRecord } from '@leti/records'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'

/** A search space as a search walks through it. */
export interface SearchSpace<Genes> {
  /** A random description of a network; it may be invalid. */
  draw(random: RandomGenerator): Genes
  /** A random change of a description; the result may be invalid. */
  mutate(genes: Genes, random: RandomGenerator): Genes
  /** The network; `undefined` if the description is that of none. */
  record(genes: Genes): LetiRecord | undefined
  /** All networks, each once. Absent if they are too many to list. */
  readonly all?: () => Iterable<LetiRecord>
  /** How many networks `all` gives. */
  readonly count?: number
}

import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A random permutation that depends on the seed alone (Fisher-Yates shuffle). */
export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = xoroshiro128plus(seed)
  const result = [...items]
  for (let last = result.length - 1; last > 0; last--) {
    const other = uniformInt(random, 0, last)
    ;[result[last], result[other]] = [result[other], result[last]]
  }
  return result
}

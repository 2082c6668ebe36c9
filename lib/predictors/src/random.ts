import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** The indices of the samples by network: those of one network stay together, in a random order of networks. */
export function shuffledNetworks(
  samples: readonly { readonly id: string }[],
  seed: number,
): number[][] {
  const byId = new Map<string, number[]>()
  samples.forEach(({ id }, index) => {
    const known = byId.get(id)
    if (known) known.push(index)
    else byId.set(id, [index])
  })
  return shuffled([...byId.values()], seed)
}

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

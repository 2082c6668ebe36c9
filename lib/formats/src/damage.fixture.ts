import { filterShape, networkCost } from '@leti/network'
import { asLetiError } from '@leti/records'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { expect } from 'vitest'
import type { ReadModel } from './index.js'

/** What reading a damaged file may come to: `none` where it is a network after all. */
export const EXPECTED = ['none', 'bad-model', 'unsupported']

/** Reads all that there is, and returns the error's code. What is no error of LETI's is thrown. */
export function outcomeOf(read: () => ReadModel): string {
  try {
    const { network, weights } = read()
    networkCost(network)
    for (const { name, operator, inputs } of network.nodes) {
      if (operator.type === 'constant') weights(name, 'value')
      if (filterShape(operator, network.nodes[inputs[0]]?.shape)) weights(name, 'filter')
      if ('bias' in operator && operator.bias) weights(name, 'bias')
    }
    return 'none'
  } catch (error) {
    const known = asLetiError(error)
    if (!known) throw error
    expect(known.message).not.toContain('\n')
    return known.code
  }
}

/** Whole numbers below `end`, the same at each run. */
export function seeded(seed: number): (end: number) => number {
  const random = xoroshiro128plus(seed)
  return (end) => (random.next() >>> 0) % end
}

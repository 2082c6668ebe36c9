import { filterShape, fuse, networkCost, type Network } from '@leti/network'
import { asLetiError } from '@leti/records'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { expect } from 'vitest'
import type { ReadModel, Weights } from './index.js'
import { loweredNetwork } from './lowered.js'
import { toGraphModel } from './tfjs/graph-model.js'
import { serialise } from './tflite/serialise.js'
import { toGraph } from './tflite/to-graph.js'

/** What reading a damaged file may come to: `none` where it is a network after all. */
export const EXPECTED = ['none', 'bad-model', 'unsupported']

/**
 * Reads all that there is, writes it in both formats, and returns the error's code. What is no error of
 * LETI's is thrown.
 */
export function outcomeOf(read: () => ReadModel): string {
  try {
    const { network, weights } = read()
    networkCost(network)
    for (const { name, operator, bias } of fuse(network)) {
      if (operator.type === 'constant') weights(name, 'value')
      if (filterShape(operator)) weights(name, 'filter')
      if (bias) weights(name, 'bias')
    }
    if (network.outputs.some((output) => network.nodes[output].operator.type !== 'constant')) {
      write(network, weights)
    }
    return 'none'
  } catch (error) {
    const known = asLetiError(error)
    if (!known) throw error
    expect(known.message).not.toContain('\n')
    return known.code
  }
}

/** Writes a network in both formats, each of which may lack an operator of it. */
function write(network: Network, weights: Weights): void {
  const lowered = loweredNetwork(network)
  const formats = [
    () => serialise(toGraph(lowered, weights, 'float32'), network.name),
    () => [...toGraphModel(lowered, weights, 'float32').weights()],
  ]
  for (const format of formats) {
    try {
      format()
    } catch (error) {
      if (asLetiError(error)?.code !== 'unsupported') throw error
    }
  }
}

/** Whole numbers below `end`, the same at each run. */
export function seeded(seed: number): (end: number) => number {
  const random = xoroshiro128plus(seed)
  return (end) => (random.next() >>> 0) % end
}

import { filterShape, fuse, networkCost, type Network } from '@leti/network'
import { asLetiError } from '@leti/records'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { expect } from 'vitest'
import type { ReadModel } from './importer/read-model.js'
import type { Weights } from './index.js'
import { loweredNetwork } from './lowered.js'
import { toGraphModel } from './tfjs/write/graph-model.js'
import { serialize } from './tflite/write/serialize.js'
import { toGraph } from './tflite/write/to-graph.js'

/** Allowed outcomes of reading a damaged file: an error code, or `none` if it can be read all the same. */
const EXPECTED = ['none', 'bad-model', 'unsupported']

/** Files of no model format. */
export const NO_MODELS: readonly [string, Uint8Array][] = [
  ['nothing', new Uint8Array()],
  ['a text', new TextEncoder().encode('{"format": "graph-model"}')],
  ['zeros', new Uint8Array(4096)],
]

/**
 * Reads a model with all its weights, writes it in both formats, and returns the code of the error, or
 * `none`.
 *
 * @throws any error that is not a `LetiError`
 */
export async function outcomeOf(read: () => ReadModel | Promise<ReadModel>): Promise<string> {
  try {
    const { network, weights } = await read()
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

/** Writes a network in both formats. A format may lack one of its operators. */
function write(network: Network, weights: Weights): void {
  const lowered = loweredNetwork(network)
  const formats = [
    () => serialize(toGraph(lowered, weights, 'float32'), network.name),
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

/** Draws an integer from 0 to `end - 1`; the sequence is the same in each run. */
export type Below = (end: number) => number

/** Collects the outcomes of trials. Each trial damages a file in a random way and reads it. */
export async function outcomesOf(
  trials: number,
  seed: number,
  outcomeOfTrial: (below: Below, trial: number) => Promise<string>,
): Promise<Set<string>> {
  const random = xoroshiro128plus(seed)
  const below: Below = (end) => (random.next() >>> 0) % end
  const outcomes = new Set<string>()
  for (let trial = 0; trial < trials; trial++) outcomes.add(await outcomeOfTrial(below, trial))
  expect([...outcomes].filter((code) => !EXPECTED.includes(code))).toEqual([])
  return outcomes
}

/** Truncates a file: a quarter of the trials at each of the first bytes, the others at a random byte. */
export function cutShort(
  file: Uint8Array,
  below: Below,
  trial: number,
  trials: number,
): Uint8Array {
  return file.subarray(0, trial < trials / 4 ? trial : below(file.length))
}

/** A copy of the file with random bytes at random positions. */
export function withBytesChanged(
  file: Uint8Array,
  changes: number,
  below: Below,
  place = (): number => below(file.length),
): Uint8Array {
  const bytes = new Uint8Array(file)
  for (let change = 0; change < changes; change++) bytes[place()] = below(256)
  return bytes
}

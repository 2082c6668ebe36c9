import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { filterShape, networkCost } from '@leti/network'
import { asLetiError } from '@leti/records'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, test } from 'vitest'
import { readTflite } from '../index.js'

const { resolve } = createRequire(import.meta.url)

/** A real file, and how many bytes at its end hold its tables; the weights lie before them. */
const FILES = [
  { model: 'face_detection_short_range', tables: 23_600, trials: 400 },
  // Its weights are sparse: more of the reader is at work.
  { model: 'face_detection_full_range_sparse', tables: 299_000, trials: 100 },
]

function bytesOf(model: string): Uint8Array {
  const folder = dirname(resolve('@mediapipe/face_detection/package.json'))
  return new Uint8Array(readFileSync(join(folder, `${model}.tflite`)))
}

/** Reads all that there is, and returns the error's code: `none` where it is a network after all. */
function outcomeOf(bytes: Uint8Array): string {
  try {
    const { network, weights } = readTflite(bytes, 'damaged')
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
function seeded(seed: number): (end: number) => number {
  const random = xoroshiro128plus(seed)
  return (end) => (random.next() >>> 0) % end
}

const EXPECTED = ['none', 'bad-model', 'unsupported']

describe.each(FILES)('$model', ({ model, tables, trials }) => {
  const file = bytesOf(model)

  test('that ends early is bad-model', () => {
    const below = seeded(1)
    for (let trial = 0; trial < trials; trial++) {
      const length = trial < 50 ? trial : below(file.length)
      expect(outcomeOf(file.subarray(0, length))).toBe('bad-model')
    }
  })

  test.each([1, 3, 30])('with %i bytes of its tables changed', (changes) => {
    const below = seeded(changes)
    const outcomes = new Set<string>()
    for (let trial = 0; trial < trials; trial++) {
      const bytes = file.slice()
      for (let change = 0; change < changes; change++) {
        bytes[bytes.length - 1 - below(tables)] = below(256)
      }
      outcomes.add(outcomeOf(bytes))
    }
    expect([...outcomes].filter((code) => !EXPECTED.includes(code))).toEqual([])
    // The changes reach what matters.
    expect(outcomes).toContain('bad-model')
  })
})

test.each([
  ['nothing', new Uint8Array()],
  ['a text', new TextEncoder().encode('{"format": "graph-model"}')],
  ['zeros', new Uint8Array(4096)],
  ['an identifier alone', new TextEncoder().encode('\0\0\0\0TFL3')],
])('%s is bad-model', (_name, bytes) => {
  expect(outcomeOf(bytes)).toBe('bad-model')
})

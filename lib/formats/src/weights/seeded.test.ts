import { NetworkBuilder } from '@leti/network'
import { expect, test } from 'vitest'
import { tfliteFilter } from '../tflite/layout.js'
import { RandomNumbers } from './random-block.js'
import { seededWeights } from './seeded.js'

const builder = new NetworkBuilder()
const window = { size: [3, 3], strides: [1, 1], padding: 'same' } as const
const image = builder.add('x', { type: 'input', shape: [8, 8, 256] })
const small = builder.add('a', { type: 'conv2d', filters: 5, window, bias: false }, image)
const large = builder.add('b', { type: 'conv2d', filters: 256, window, bias: false }, image)
const same = builder.add('c', { type: 'conv2d', filters: 256, window, bias: false }, image)
const turned = builder.add(
  'd',
  { type: 'transpose_conv2d', filters: 7, window, bias: false, outputSize: [8, 8] },
  image,
)
const network = builder.build('n', small, large, same, turned)

function joined(pieces: Iterable<Float32Array>): Float32Array {
  const bytes = [...pieces].map((piece) =>
    Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength),
  )
  return new Float32Array(new Uint8Array(Buffer.concat(bytes)).buffer)
}

test.each([
  ['a', [3, 3, 256, 5], 'conv2d'],
  ['b', [3, 3, 256, 256], 'conv2d'],
  ['d', [3, 3, 7, 256], 'transpose_conv2d'],
] as const)('filter %s has the same numbers in both layouts', (name, shape, type) => {
  const weights = seededWeights(network, 0)
  const plain = weights(name, 'filter')
  const expected = tfliteFilter(shape, type).fromTensorFlow(plain)
  const found = joined(weights.tfliteFilter?.(name) ?? [])
  expect(found.length).toBe(plain.length)
  expect(found.every((value, index) => value === expected[index])).toBe(true)
})

test('filters of one size differ by layer and by seed, with the variance of their fan-in', () => {
  const [b, c] = ['b', 'c'].map((name) => seededWeights(network, 0)(name, 'filter'))
  const other = seededWeights(network, 1)('b', 'filter')
  for (const filter of [c, other]) {
    expect(filter.filter((value, index) => value === b[index]).length).toBeLessThan(100)
  }
  const square = b.reduce((sum, value) => sum + value * value, 0) / b.length
  // Inputs are uniform in [-1, 1), of the variance 1/3.
  expect(square * 9 * 256 * (1 / 3)).toBeCloseTo(1, 1)
  expect(Math.abs(b.reduce((sum, value) => sum + value, 0) / b.length)).toBeLessThan(0.001)
})

test('rows of a filter that is larger than the block of random numbers differ', () => {
  const rows = joined(new RandomNumbers('large', 256 * 2304, 1).pieces())
  const starts = new Set(Array.from({ length: 256 }, (_, row) => rows[row * 2304]))
  expect(starts.size).toBe(256)
})

test('the numbers are the same on every machine', () => {
  // xoroshiro128+ with the seed 0, from the place that the SHA-256 of "name" gives.
  expect([...new RandomNumbers('name', 3, 0.5).all()]).toMatchInlineSnapshot(`
    [
      0.10950605571269989,
      -0.17670796811580658,
      0.43415144085884094,
    ]
  `)
})

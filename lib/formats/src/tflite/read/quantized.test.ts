import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { convertModel, readModel } from '../../index.js'
import { readTflite } from './read.js'
import { runInLiteRt } from '../../litert.fixture.js'
import { expectAlike, feed } from '../../outputs.fixture.js'
import { runInTfjs } from '../../tfjs.fixture.js'
import {
  quantizedBytes,
  type QuantizedOperator,
  type QuantizedTensor,
} from './quantized.fixture.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))

const FLOAT32 = 0
const INT32 = 2
const INT8 = 9

const real = (...shape: number[]): QuantizedTensor => ({ shape, type: FLOAT32 })
const codes = (shape: number[], scale: number, zero: number): QuantizedTensor => ({
  shape,
  type: INT8,
  scales: [scale],
  zero,
})

/** Uniform codes, the same in each run. */
function filter(shape: number[], scales: number[], axis = 0): QuantizedTensor {
  const size = shape.reduce((product, length) => product * length, 1)
  const data = Int8Array.from(feed(size, size), (value) => Math.round(127 * value))
  return { shape, type: INT8, scales, axis, data }
}

/** The scale of a bias is the input's scale times the filter's. */
function bias(size: number, input: number, scales: number[]): QuantizedTensor {
  const factors = scales.map((scale) => scale * input)
  const data = Int32Array.from(feed(size, size), (value, index) =>
    Math.round(value / (factors[index] ?? factors[0])),
  )
  return { shape: [size], type: INT32, scales: factors, data }
}

const PER_CHANNEL = [0.002, 0.004, 0.006, 0.003]

/** A network as TensorFlow's converter quantizes it after training: int8, with a scale per channel. */
const TENSORS: Record<string, QuantizedTensor> = {
  x: real(1, 8, 8, 3),
  q0: codes([1, 8, 8, 3], 0.01, -5),
  f1: filter([4, 3, 3, 3], PER_CHANNEL),
  b1: bias(4, 0.01, PER_CHANNEL),
  q1: codes([1, 8, 8, 4], 0.04, -128),
  f2: filter([1, 3, 3, 4], PER_CHANNEL, 3),
  b2: bias(4, 0.04, PER_CHANNEL),
  q2: codes([1, 4, 4, 4], 0.06, 3),
  q3: codes([1, 4, 4, 4], 0.12, 7),
  q4: codes([1, 64], 0.12, 7),
  shape: { shape: [2], type: INT32, data: Int32Array.of(1, 64) },
  f5: filter([5, 64], [0.004]),
  b5: bias(5, 0.12, [0.004]),
  q5: codes([1, 5], 0.2, -9),
  y: real(1, 5),
}

const SAME = { padding: 0, stride_h: 1, stride_w: 1 }
const RELU = 1
const OPERATORS: QuantizedOperator[] = [
  { builtin: 'QUANTIZE', version: 1, inputs: ['x'], output: 'q0' },
  {
    builtin: 'CONV_2D',
    version: 3,
    inputs: ['q0', 'f1', 'b1'],
    output: 'q1',
    options: { ...SAME, fused_activation_function: RELU },
  },
  {
    builtin: 'DEPTHWISE_CONV_2D',
    version: 3,
    inputs: ['q1', 'f2', 'b2'],
    output: 'q2',
    options: { ...SAME, stride_h: 2, stride_w: 2, depth_multiplier: 1 },
  },
  { builtin: 'ADD', version: 2, inputs: ['q2', 'q2'], output: 'q3' },
  { builtin: 'RESHAPE', version: 1, inputs: ['q3', 'shape'], output: 'q4' },
  { builtin: 'FULLY_CONNECTED', version: 4, inputs: ['q4', 'f5', 'b5'], output: 'q5' },
  { builtin: 'DEQUANTIZE', version: 2, inputs: ['q5'], output: 'y' },
]

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name, 'model.tflite')
  mkdirSync(join(folder, name))
  writeFileSync(path, bytes)
  return path
}

test('a quantized network agrees with LiteRT up to the quantization steps', async () => {
  const path = write('quantized', quantizedBytes(TENSORS, OPERATORS))
  const original = await runInLiteRt(readFileSync(path), feed)
  const { network, isQuantized } = await readModel(path)
  expect(isQuantized).toBe(true)
  expect(network.nodes.map(({ operator }) => operator.type)).toEqual([
    'input',
    'conv2d',
    'relu',
    'depthwise_conv2d',
    'add',
    'reshape',
    'dense',
  ])
  const out = join(folder, 'again')
  const tflite = await convertModel(path, 'tflite', out)
  const { values } = await runInLiteRt(readFileSync(tflite.path), feed)
  // Each of the five steps is off by at most half a code.
  expectAlike(values, original.values, 0.03)
  const tfjs = await convertModel(path, 'tfjs', out)
  expectAlike(await runInTfjs(tfjs.path, 'cpu', feed), values, 1e-5)
})

test('quantized weights behind a DEQUANTIZE are read as floats', async () => {
  const tensors = {
    x: real(1, 64),
    f: filter([5, 64], [0.004]),
    w: real(5, 64),
    b: { ...real(5), data: feed(9, 5) },
    y: real(1, 5),
  }
  const path = write(
    'weights',
    quantizedBytes(tensors, [
      { builtin: 'DEQUANTIZE', version: 2, inputs: ['f'], output: 'w' },
      { builtin: 'FULLY_CONNECTED', version: 1, inputs: ['x', 'w', 'b'], output: 'y' },
    ]),
  )
  const original = await runInLiteRt(readFileSync(path), feed)
  expect((await readModel(path)).isQuantized).toBe(false)
  const tfjs = await convertModel(path, 'tfjs', join(folder, 'again'))
  expectAlike(await runInTfjs(tfjs.path, 'cpu', feed), original.values, 1e-5)
})

test('4-bit codes are stored two per byte', () => {
  const tensors = {
    x: real(1, 3),
    // The codes are 1, -2, 7, -8, 0 and 3.
    f: { shape: [2, 3], type: 17, scales: [0.5, 2], data: Uint8Array.of(0xe1, 0x87, 0x30) },
    y: real(1, 2),
  }
  const file = quantizedBytes(tensors, [
    { builtin: 'FULLY_CONNECTED', version: 1, inputs: ['x', 'f'], output: 'y' },
  ])
  const { network, weights, isQuantized } = readTflite(file, 'nibbles')
  expect(isQuantized).toBe(true)
  const [, dense] = network.nodes
  expect([...weights(dense.name, 'filter')]).toEqual([0.5, -16, -1, 0, 3.5, 6])
})

test('a tensor with scales for some channels only is bad-model', () => {
  const tensors = { ...TENSORS, f1: filter([4, 3, 3, 3], [0.1, 0.2, 0.3]) }
  expect(() => readTflite(quantizedBytes(tensors, OPERATORS), 'damaged')).toThrow('lacks a scale')
})

import { elements, networkCost } from '@leti/network'
import { describe, expect, test } from 'vitest'
import { feed } from '../../outputs.fixture.js'
import {
  bytesOfGraphs,
  quantizedBytes,
  type GraphOf,
  type QuantizedOperator,
  type QuantizedTensor,
} from './quantized.fixture.js'
import { readTflite } from './read.js'

const FLOAT32 = 0
const INT32 = 2
const BOOL = 6
const WINDOW = { stride_h: 1, stride_w: 1, dilation_h_factor: 1, dilation_w_factor: 1 }

const fixed = (...shape: number[]): QuantizedTensor => ({ shape, type: FLOAT32 })
/** A tensor whose open sizes a converter writes as 1. */
const open = (...signature: number[]): QuantizedTensor => ({
  shape: signature.map((size) => Math.abs(size)),
  signature,
  type: FLOAT32,
})
const floats = (...shape: number[]): QuantizedTensor => ({
  ...fixed(...shape),
  data: feed(0, elements(shape)),
})
const ints = (...values: number[]): QuantizedTensor => ({
  shape: [values.length],
  type: INT32,
  data: Int32Array.from(values),
})

function step(
  builtin: string,
  inputs: string[],
  output: string,
  options?: Record<string, number>,
): QuantizedOperator {
  return { builtin, version: 1, inputs, output, ...(options && { options }) }
}

const CONV = step('CONV_2D', ['r', 'w', 'b'], 'y', WINDOW)
const WEIGHTS = { w: floats(16, 3, 3, 4), b: floats(16) }

describe('shapes inside a file', () => {
  test('that it leaves open are computed from the inputs', () => {
    const tensors = {
      x: fixed(1, 1024),
      sizes: ints(1, 16, 16, 4),
      zeros: ints(0, 0, 0, 0),
      sum: { shape: [4], type: INT32 },
      r: open(-1, -1, -1, 4),
      y: open(-1, -1, -1, 16),
      ...WEIGHTS,
    }
    const { network } = readTflite(
      quantizedBytes(tensors, [
        step('ADD', ['sizes', 'zeros'], 'sum'),
        step('RESHAPE', ['x', 'sum'], 'r'),
        CONV,
      ]),
      'open',
    )
    expect(networkCost(network).macs).toBe(16 * 16 * 16 * 4 * 9)
    expect(network.nodes.at(-1)?.shape).toEqual([16, 16, 16])
  })

  test('that contradict the inputs are computed anew', () => {
    const tensors = {
      x: fixed(1, 8, 8, 4),
      r: fixed(1, 1, 1, 4),
      y: fixed(1, 1, 1, 16),
      ...WEIGHTS,
    }
    const bytes = quantizedBytes(tensors, [step('TANH', ['x'], 'r'), CONV])
    expect(networkCost(readTflite(bytes, 'wrong').network).macs).toBe(8 * 8 * 16 * 4 * 9)
  })

  test('that neither the file nor LETI knows are refused', () => {
    const tensors = {
      x: fixed(1, 8, 8, 4),
      r: open(-1, -1, -1, 4),
      y: open(-1, -1, -1, 16),
      ...WEIGHTS,
    }
    const bytes = quantizedBytes(tensors, [step('UNIQUE', ['x'], 'r'), CONV])
    expect(() => readTflite(bytes, 'open')).toThrow(
      'operator UNIQUE is unknown to LETI and the file does not state its output shape',
    )
  })

  test('of numbers that are gathered and of Fourier transforms are known', () => {
    const tensors = {
      x: fixed(1, 40),
      indices: { shape: [1, 3], type: INT32, data: Int32Array.from([0, 20, 39]) },
      lengths: ints(1, 16),
      g: open(-1, -1, -1),
      tiles: ints(1, 1, 8),
      t: open(-1, -1, -1),
      y: open(-1, -1, -1),
    }
    const { network } = readTflite(
      quantizedBytes(tensors, [
        step('GATHER', ['x', 'indices'], 'g', { axis: 1 }),
        step('TILE', ['g', 'tiles'], 't'),
        step('RFFT2D', ['t', 'lengths'], 'y'),
      ]),
      'gathered',
    )
    expect(network.nodes.map(({ operator }) => operator.type)).toContain('traffic')
    expect(network.nodes.at(-1)).toMatchObject({
      operator: { type: 'unknown', name: 'RFFT2D' },
      shape: [1, 9],
    })
  })
})

describe('a file of a fixed batch', () => {
  const tensors = {
    r: fixed(8, 6, 5, 4),
    y: fixed(8, 6, 5, 16),
    ...WEIGHTS,
  }
  const bytes = bytesOfGraphs({ tensors, operators: [CONV], inputs: ['r'] })

  test('is refused, with what to do', () => {
    expect(() => readTflite(bytes, 'batch')).toThrow(
      'operator CONV_2D reads a batch of 8; read the file at batch 1 with --input-shape r:1,6,5,4',
    )
  })

  test('is read at batch 1 if asked to', () => {
    const { network } = readTflite(bytes, 'batch', [1, 6, 5, 4])
    expect(networkCost(network).macs).toBe(6 * 5 * 16 * 4 * 9)
  })

  test('reshapes to rows of batch 1', () => {
    const rows = {
      ...tensors,
      c: fixed(8, 6, 5, 16),
      sizes: ints(8, 480),
      y: fixed(8, 480),
    }
    const operators = [
      step('CONV_2D', ['r', 'w', 'b'], 'c', WINDOW),
      step('RESHAPE', ['c', 'sizes'], 'y'),
    ]
    const file = bytesOfGraphs({ tensors: rows, operators, inputs: ['r'] })
    expect(readTflite(file, 'batch', [1, 6, 5, 4]).network.nodes.at(-1)?.shape).toEqual([480])
  })
})

describe('a branch', () => {
  const image = fixed(1, 8, 8, 4)
  const branch = {
    tensors: { r: image, y: fixed(1, 8, 8, 16), ...WEIGHTS },
    operators: [CONV],
    inputs: ['r'],
  }
  const other = {
    tensors: { r: image, y: fixed(1, 8, 8, 16) },
    operators: [step('CONCATENATION', ['r', 'r', 'r', 'r'], 'y', { axis: 3 })],
    inputs: ['r'],
  }
  const main = (condition: QuantizedTensor): GraphOf => ({
    tensors: { x: image, condition, y: fixed(1, 8, 8, 16) },
    operators: [
      step('IF', ['condition', 'x'], 'y', { then_subgraph_index: 1, else_subgraph_index: 2 }),
    ],
  })

  test.each([
    [1, 8 * 8 * 16 * 4 * 9],
    [0, 0],
  ])('of the constant condition %i counts alone', (condition, macs) => {
    const constant = { shape: [1], type: BOOL, data: Uint8Array.of(condition) }
    const { network, weights } = readTflite(bytesOfGraphs(main(constant), branch, other), 'if')
    expect(networkCost(network).macs).toBe(macs)
    const conv = network.nodes.find(({ operator }) => operator.type === 'conv2d')
    if (conv) expect(weights(conv.name, 'filter')).toHaveLength(3 * 3 * 4 * 16)
  })

  test('that the input decides is refused, or read as the one that is asked for', () => {
    const decided = {
      tensors: {
        x: image,
        zero: floats(),
        condition: { shape: [1, 8, 8, 4], type: BOOL },
        y: image,
      },
      operators: [
        step('GREATER', ['x', 'zero'], 'condition'),
        step('IF', ['condition', 'x'], 'y', { then_subgraph_index: 1, else_subgraph_index: 2 }),
      ],
    }
    const bytes = bytesOfGraphs(decided, branch, other)
    expect(() => readTflite(bytes, 'if')).toThrow(
      'operator IF chooses its work by the numbers of the inputs; choose a branch with --input-shape condition=1, or condition=0',
    )
    const { network } = readTflite(bytes, 'if', { condition: 1 })
    expect(networkCost(network).macs).toBe(8 * 8 * 16 * 4 * 9)
    // The file computes the condition, whichever branch it takes.
    const names = network.nodes.map(({ operator }) => 'name' in operator && operator.name)
    expect(names).toEqual(expect.arrayContaining(['GREATER', 'IF']))
  })

  test('that calls its own graph is refused', () => {
    const constant = { shape: [1], type: BOOL, data: Uint8Array.of(1) }
    const endless = {
      ...main(constant),
      operators: [
        step('IF', ['condition', 'x'], 'y', { then_subgraph_index: 0, else_subgraph_index: 0 }),
      ],
    }
    expect(() => readTflite(bytesOfGraphs(endless), 'if')).toThrow('too many graphs within graphs')
  })
})

import { elements, type Network } from '@leti/network'
import { describe, expect, test } from 'vitest'
import { feed } from '../../outputs.fixture.js'
import {
  quantizedBytes,
  type QuantizedOperator,
  type QuantizedTensor,
} from './quantized.fixture.js'
import { readTflite } from './read.js'

const FLOAT32 = 0
const INT32 = 2
const UINT8 = 3

/** A tensor as the converter writes it: its shape has 1 for an open size, its signature -1. */
function open(...signature: number[]): QuantizedTensor {
  return { shape: signature.map((size) => Math.abs(size)), signature, type: FLOAT32 }
}

const fixed = (...shape: number[]): QuantizedTensor => ({ shape, type: FLOAT32 })
const floats = (...shape: number[]): QuantizedTensor => ({
  ...fixed(...shape),
  data: feed(0, elements(shape)),
})
const ints = (...values: number[]): QuantizedTensor => ({
  shape: [values.length],
  type: INT32,
  data: Int32Array.from(values),
})

type Step = [builtin: string, inputs: string[], output: string, options?: Record<string, number>]

function read(tensors: Record<string, QuantizedTensor>, steps: Step[], asked?: number[]): Network {
  const operators = steps.map(([builtin, inputs, output, options]): QuantizedOperator => {
    return { builtin, version: 1, inputs, output, ...(options && { options }) }
  })
  return readTflite(quantizedBytes(tensors, operators), 'open', asked).network
}

const WINDOW = { stride_h: 2, stride_w: 2, dilation_h_factor: 1, dilation_w_factor: 1 }

const STEPS: Step[] = [
  ['CONV_2D', ['x', 'w', 'b'], 'c', WINDOW],
  ['RESIZE_BILINEAR', ['c', 'size'], 'r'],
  ['CONCATENATION', ['r', 'r'], 'd', { axis: 3 }],
  ['RESHAPE', ['d', 'rows'], 's'],
  ['MEAN', ['s', 'axes'], 'm'],
  ['FULLY_CONNECTED', ['m', 'v', 'b'], 'y'],
]

const WEIGHTS = {
  w: floats(5, 3, 3, 3),
  b: floats(5),
  v: floats(5, 10),
  size: ints(4, 6),
  rows: ints(1, -1, 10),
  axes: ints(1),
}

const OPEN = {
  x: open(-1, -1, -1, 3),
  c: open(-1, -1, -1, 5),
  r: open(-1, 4, 6, 5),
  d: open(-1, 4, 6, 10),
  s: open(1, -1, 10),
  m: open(1, 10),
  y: open(1, 5),
  ...WEIGHTS,
}

describe('an image with open sizes', () => {
  test('is read with the given size as if the file had that size', () => {
    const sized = {
      x: fixed(1, 9, 12, 3),
      c: fixed(1, 5, 6, 5),
      r: fixed(1, 4, 6, 5),
      d: fixed(1, 4, 6, 10),
      s: fixed(1, 24, 10),
      m: fixed(1, 10),
      y: fixed(1, 5),
      ...WEIGHTS,
    }
    const expected = read(sized, STEPS)
    expect(expected.nodes.filter(({ operator }) => operator.type === 'unknown')).toEqual([])
    expect(read(OPEN, STEPS, [1, 9, 12, 3])).toEqual(expected)
  })

  test('is refused without a given size', () => {
    expect(() => read(OPEN, STEPS)).toThrow('set it with --input-shape x:?,?,?,3')
  })

  test('determines the shapes of operators that the file leaves open', () => {
    const tensors = {
      x: open(-1, -1, -1, 3),
      t: open(-1, 1, -1, 3),
      r: open(-1, -1),
      y: open(-1, -1),
      turn: ints(1, 0, 2, 3),
      first: ints(0, 0, 0, 0),
      one: ints(1, 1, 1, 1),
    }
    const { nodes } = read(
      tensors,
      [
        ['TRANSPOSE', ['x', 'turn'], 't'],
        // The whole first and third axis, one index of the others.
        [
          'STRIDED_SLICE',
          ['t', 'first', 'first', 'one'],
          'r',
          { begin_mask: 15, end_mask: 15, shrink_axis_mask: 10 },
        ],
        ['SIN', ['r'], 'y'],
      ],
      [1, 8, 6, 3],
    )
    expect(nodes.at(-1)).toMatchObject({
      operator: { type: 'sin' },
      shape: [8, 6],
    })
  })

  test.each<[string, string, Record<string, QuantizedTensor>]>([
    ['a slice that does not say its axes', 'STRIDED_SLICE', { n: ints(0, 0, 0, 0) }],
    ['a reshape that does not fit', 'RESHAPE', { n: ints(7, -1) }],
    ['an unknown operator', 'TOPK_V2', { n: ints(1) }],
  ])('is refused if nothing says the shape of %s', (_name, builtin, constant) => {
    const tensors = { x: open(-1, -1, -1, 3), y: open(-1, -1, 3), ...constant }
    const step: Step = [builtin, ['x', 'n', 'n', 'n'], 'y']
    expect(() => read(tensors, [step], [1, 8, 8, 3])).toThrow(
      `operator ${builtin} is unknown to LETI and the file does not state its output shape`,
    )
  })
})

describe('an integer input', () => {
  const tensors = { x: { shape: [1, 4], type: UINT8 }, f: fixed(1, 4), y: fixed(1, 4) }

  test('that is cast to float is read as a float input', () => {
    const cast = read(tensors, [
      ['CAST', ['x'], 'f'],
      ['TANH', ['f'], 'y'],
    ])
    expect(cast).toEqual(read({ ...tensors, x: fixed(1, 4) }, [['TANH', ['x'], 'y']]))
  })

  test('that indexes rows is read, and the rows are memory traffic', () => {
    const rows = { ...tensors, table: floats(7, 3), y: fixed(1, 4, 3) }
    const { nodes } = read(rows, [['GATHER', ['table', 'x'], 'y', { axis: 0 }]])
    expect(nodes.at(-1)).toMatchObject({
      operator: { type: 'traffic', name: 'GATHER' },
      shape: [4, 3],
    })
  })

  test('of strings is refused', () => {
    const strings = { ...tensors, x: { shape: [1, 4], type: 5 } }
    expect(() => read(strings, [['CAST', ['x'], 'y']])).toThrow('input "x" is string')
  })
})

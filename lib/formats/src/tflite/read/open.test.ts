import { elements, type Network } from '@leti/network'
import { describe, expect, test } from 'vitest'
import { feed } from '../../outputs.fixture.js'
import {
  quantisedBytes,
  type QuantisedOperator,
  type QuantisedTensor,
} from './quantized.fixture.js'
import { readTflite } from './read.js'

const FLOAT32 = 0
const INT32 = 2
const UINT8 = 3

/** A tensor as the converter writes it where a size is open: as if it were 1. */
function open(...signature: number[]): QuantisedTensor {
  return { shape: signature.map((size) => Math.abs(size)), signature, type: FLOAT32 }
}

const fixed = (...shape: number[]): QuantisedTensor => ({ shape, type: FLOAT32 })
const floats = (...shape: number[]): QuantisedTensor => ({
  ...fixed(...shape),
  data: feed(0, elements(shape)),
})
const ints = (...values: number[]): QuantisedTensor => ({
  shape: [values.length],
  type: INT32,
  data: Int32Array.from(values),
})

type Step = [builtin: string, inputs: string[], output: string, options?: Record<string, number>]

function read(tensors: Record<string, QuantisedTensor>, steps: Step[], asked?: number[]): Network {
  const operators = steps.map(([builtin, inputs, output, options]): QuantisedOperator => {
    return { builtin, version: 1, inputs, output, ...(options && { options }) }
  })
  return readTflite(quantisedBytes(tensors, operators), 'open', asked).network
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

describe('an image of open size', () => {
  test('in the size that is asked for is that of a file of that size', () => {
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

  test('has to be asked for', () => {
    expect(() => read(OPEN, STEPS)).toThrow('give it with --input-shape x:?,?,?,3')
  })

  test.each<[string, string, Record<string, QuantisedTensor>]>([
    ['an axis that goes', 'STRIDED_SLICE', { n: ints(0, 0, 0, 1) }],
    ['a batch that moves', 'TRANSPOSE', { n: ints(1, 0, 2, 3) }],
    ['an unknown operator', 'SQUARE', { n: ints(0) }],
  ])('is refused where the shape of %s is not said', (_name, builtin, constant) => {
    const tensors = { x: open(-1, -1, -1, 3), y: open(-1, -1, 3), ...constant }
    const step: Step = [builtin, ['x', 'n', 'n', 'n'], 'y', { shrink_axis_mask: 8 }]
    expect(() => read(tensors, [step], [1, 8, 8, 3])).toThrow(
      `nothing says which shape the operator ${builtin} gives`,
    )
  })
})

describe('an input of whole numbers', () => {
  const tensors = { x: { shape: [1, 4], type: UINT8 }, f: fixed(1, 4), y: fixed(1, 4) }

  test('that is made floats is as good as one of floats', () => {
    const cast = read(tensors, [
      ['CAST', ['x'], 'f'],
      ['TANH', ['f'], 'y'],
    ])
    expect(cast).toEqual(read({ ...tensors, x: fixed(1, 4) }, [['TANH', ['x'], 'y']]))
  })

  test('that is not is refused', () => {
    expect(() => read(tensors, [['TANH', ['x'], 'y']])).toThrow('the input x is none of float32')
  })
})

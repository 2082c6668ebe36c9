import { expect, test } from 'vitest'
import { operatorCost } from './cost.js'
import { EXAMPLES, IMAGE, WINDOW } from './operators.fixture.js'
import type { Operator, Shape } from './operators/index.js'
import { outputShape } from './shape.js'

const WIDE = { size: [3, 3], strides: [1, 1], padding: 'valid', dilations: [3, 2] } as const

test.each(EXAMPLES)('shape and cost of $operator.type', ({ operator, inputs, ...expected }) => {
  const shape = outputShape(operator, inputs)
  const { macs, parameters } = operatorCost({ name: 'one', operator, inputs: [], shape }, inputs)
  expect({ shape, macs, parameters }).toEqual(expected)
})

test.each(EXAMPLES)('$operator.type refuses another number of inputs', ({ operator, inputs }) => {
  if (operator.type === 'unknown' || operator.type === 'traffic') return
  const wrong = ['add', 'concat'].includes(operator.type) ? [] : [...inputs, IMAGE]
  expect(() => outputShape(operator, wrong)).toThrow(`${operator.type} cannot take ${wrong.length}`)
})

test.each<[string, Operator, readonly Shape[], Shape]>([
  [
    'a dilated convolution',
    { type: 'conv2d', filters: 6, window: WIDE, bias: false },
    [IMAGE],
    [3, 3, 6],
  ],
  ['a sum of three inputs', { type: 'add' }, [IMAGE, IMAGE, IMAGE], IMAGE],
  ['a concatenation of channels', { type: 'concat' }, [IMAGE, IMAGE], [9, 7, 8]],
  ['a mean without its axes', { type: 'mean', axes: [0, 1], keepDims: false }, [IMAGE], [4]],
  [
    'a product of matrices',
    { type: 'matmul', transposeB: false },
    [
      [5, 4],
      [4, 6],
    ],
    [5, 6],
  ],
])('%s has the right shape', (_name, operator, inputs, shape) => {
  expect(outputShape(operator, inputs)).toEqual(shape)
})

test('a constant is stored: a fixed value is no parameter, and nothing is written', () => {
  const operator = { type: 'constant', shape: [3, 4], value: 0.5 } as const
  expect(operatorCost({ name: 'c', operator, inputs: [], shape: [3, 4] }, [])).toEqual({
    macs: 0,
    parameters: 0,
    activation_bytes: 0,
    weight_bytes: 3 * 4 * 4,
  })
})

test.each<[Operator, Shape[]]>([
  [{ type: 'sub' }, [IMAGE, [5]]],
  [{ type: 'add' }, [IMAGE, IMAGE, [4]]],
  [{ type: 'prelu' }, [[4], IMAGE]],
  [{ type: 'matmul', transposeB: false }, [IMAGE, IMAGE]],
  [
    { type: 'matmul', transposeB: true },
    [
      [2, 7, 4],
      [3, 7, 4],
    ],
  ],
  [{ type: 'matmul', transposeB: true }, [[4], [4]]],
  [
    { type: 'concat', axis: 1 },
    [
      [3, 5],
      [4, 5],
    ],
  ],
  [{ type: 'concat', axis: -1 }, [IMAGE, IMAGE]],
  [{ type: 'channel_shuffle', groups: 3 }, [IMAGE]],
  [{ type: 'truncate', channels: 5 }, [IMAGE]],
  [{ type: 'slice', begin: [0, 0, 2], size: [9, 7, 3] }, [IMAGE]],
  [{ type: 'pad', paddings: [[0, 1]] }, [IMAGE]],
  [{ type: 'reshape', shape: [251] }, [IMAGE]],
  [{ type: 'squeeze', axes: [0] }, [IMAGE]],
  [{ type: 'transpose', permutation: [0, 1, 1] }, [IMAGE]],
  [{ type: 'depth_to_space', blockSize: 3 }, [IMAGE]],
  [{ type: 'global_avg_pool' }, [[4]]],
  [{ type: 'clip' }, [IMAGE]],
  [{ type: 'clip', min: 1, max: 0 }, [IMAGE]],
  [{ type: 'max_pool', window: WINDOW }, [[4]]],
  [{ type: 'depthwise_conv2d', window: WINDOW, bias: false }, [[4]]],
  [{ type: 'conv2d', filters: 6, window: WINDOW, bias: false, groups: 4 }, [IMAGE]],
  [
    { type: 'transpose_conv2d', filters: 6, window: WINDOW, bias: true, outputSize: [19, 13] },
    [IMAGE],
  ],
])('%j refuses inputs of shape %j', (operator, inputs) => {
  expect(() => outputShape(operator, inputs)).toThrow(/cannot take inputs of shape/)
})

test('a window that is larger than the image is refused', () => {
  const pool: Operator = { type: 'max_pool', window: { ...WINDOW, padding: 'valid' } }
  expect(() => outputShape(pool, [[2, 2, 4]])).toThrow('3x3 on an image of 2x2x4 leaves no output')
})

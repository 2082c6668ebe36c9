import { describe, expect, test } from 'vitest'
import { fuse } from './fuse.js'
import { networkCost } from './network-cost.js'
import { NetworkBuilder, type Network } from './network.js'
import type { Operator, Shape } from './operators.js'
import { outputShape } from './shape.js'

const IMAGE: Shape = [9, 7, 4]
const WINDOW = { size: [3, 3], strides: [2, 2], padding: 'same' } as const
const WIDE = { ...WINDOW, padding: 'valid', strides: [1, 1], dilations: [3, 2] } as const

function one(operator: Operator, input: Shape): Network {
  const network = new NetworkBuilder()
  const image = network.add('image', { type: 'input', shape: input })
  return network.build('one', network.add('one', operator, image))
}

// MACs by hand: elements of the output times the inputs that each sums up.
test.each([
  [{ type: 'conv2d', filters: 6, window: WINDOW, bias: true, groups: 2 }, 5 * 4 * 6 * 18, 114],
  [{ type: 'conv2d', filters: 6, window: WIDE, bias: false }, 3 * 3 * 6 * 36, 216],
  [{ type: 'depthwise_conv2d', window: WINDOW, bias: true, multiplier: 3 }, 5 * 4 * 12 * 9, 120],
  [
    { type: 'transpose_conv2d', filters: 6, window: WINDOW, bias: true, outputSize: [18, 13] },
    // Each element of the input is spread over a window of the output.
    9 * 7 * 4 * 9 * 6,
    222,
  ],
  [{ type: 'dense', units: 5, bias: true }, 9 * 7 * 5 * 4, 25],
  [{ type: 'constant', shape: [3, 4] }, 0, 12],
  [{ type: 'constant', shape: [3, 4], value: 0.5 }, 0, 0],
  [{ type: 'resize_nearest', size: [3, 3], alignCorners: true, halfPixelCenters: false }, 0, 0],
] as [Operator, number, number][])(
  '%j costs %i MACs and %i parameters',
  (operator, macs, parameters) => {
    expect(networkCost(one(operator, IMAGE))).toMatchObject({ macs, parameters })
  },
)

test('a product of matrices takes a multiplication for each of its terms', () => {
  const network = new NetworkBuilder()
  const a = network.add('a', { type: 'input', shape: [3, 5, 4] })
  const b = network.add('b', { type: 'input', shape: [3, 6, 4] })
  const product = network.add('product', { type: 'matmul', transposeB: true }, a, b)
  expect(networkCost(network.build('n', product)).macs).toBe(3 * 5 * 6 * 4)
})

test.each([
  [
    { type: 'add' },
    [
      [9, 1, 4],
      [7, 1],
    ],
    [9, 7, 4],
  ],
  [{ type: 'add' }, [IMAGE, IMAGE, IMAGE], IMAGE],
  [{ type: 'mul' }, [[1, 1, 4], IMAGE], IMAGE],
  [
    { type: 'concat', axis: 0 },
    [
      [3, 5],
      [4, 5],
    ],
    [7, 5],
  ],
  [
    { type: 'matmul', transposeB: false },
    [
      [3, 5, 4],
      [3, 4, 6],
    ],
    [3, 5, 6],
  ],
  [
    { type: 'matmul', transposeB: true },
    [
      [5, 4],
      [6, 4],
    ],
    [5, 6],
  ],
  [{ type: 'mean', axes: [0], keepDims: true }, [IMAGE], [1, 7, 4]],
  [{ type: 'slice', begin: [8, 0, 1], size: [3, 7, 2], strides: [-4, 1, 2] }, [IMAGE], [3, 7, 2]],
  [
    {
      type: 'pad',
      paddings: [
        [1, 0],
        [0, 0],
        [0, 2],
      ],
    },
    [IMAGE],
    [10, 7, 6],
  ],
  [{ type: 'squeeze', axes: [0] }, [[1, 7]], [7]],
  [{ type: 'transpose', permutation: [2, 0, 1] }, [IMAGE], [4, 9, 7]],
  [{ type: 'depth_to_space', blockSize: 2 }, [IMAGE], [18, 14, 1]],
  [{ type: 'unknown', name: 'TILE', shape: [3] }, [IMAGE], [3]],
] as [Operator, Shape[], Shape][])('%j of %j is %j', (operator, inputs, shape) => {
  expect(outputShape(operator, inputs)).toEqual(shape)
})

test.each([
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
  [{ type: 'slice', begin: [0, 0, 2], size: [9, 7, 3] }, [IMAGE]],
  [{ type: 'reshape', shape: [251] }, [IMAGE]],
  [{ type: 'squeeze', axes: [0] }, [IMAGE]],
  [{ type: 'transpose', permutation: [0, 1, 1] }, [IMAGE]],
  [{ type: 'depth_to_space', blockSize: 3 }, [IMAGE]],
  [
    { type: 'transpose_conv2d', filters: 6, window: WINDOW, bias: true, outputSize: [19, 13] },
    [IMAGE],
  ],
] as [Operator, Shape[]][])('%j cannot take %j', (operator, inputs) => {
  expect(() => outputShape(operator, inputs)).toThrow(/cannot take inputs of/)
})

describe('fusion', () => {
  const conv = { type: 'conv2d', filters: 4, window: WIDE, bias: true } as const

  test('takes relu6 in, but no hard swish', () => {
    for (const [type, expected] of [
      ['relu6', ['input', 'conv2d']],
      ['hard_swish', ['input', 'conv2d', 'hard_swish']],
    ] as const) {
      const network = new NetworkBuilder()
      const image = network.add('image', { type: 'input', shape: IMAGE })
      const last = network.add('act', { type }, network.add('conv', conv, image))
      const kernels = fuse(network.build('n', last))
      expect(kernels.map(({ operator }) => operator.type)).toEqual(expected)
      expect(kernels[kernels.length - 1].node).toBe(last)
    }
  })

  test('takes an activation into an addition only where the runtime does', () => {
    const network = new NetworkBuilder()
    const image = network.add('image', { type: 'input', shape: IMAGE })
    const constant = network.add('constant', { type: 'constant', shape: [4] })
    const sum = network.add('sum', { type: 'add' }, image, constant)
    const built = network.build('n', network.add('relu', { type: 'relu' }, sum))
    expect(fuse(built)).toHaveLength(4)
    const kernels = fuse(built, new Set(['add']))
    expect(kernels).toHaveLength(3)
    expect(kernels[2]).toMatchObject({ activation: 'relu', inputs: [0, 1] })
    // A constant is weights, and no activation: neither read nor written.
    expect(kernels[1]).toMatchObject({ weight_bytes: 16, output_bytes: 0 })
    expect(kernels[2].input_bytes).toBe(4 * 9 * 7 * 4)
    expect(networkCost(built, kernels).peak_memory_bytes).toBe(2 * 4 * 9 * 7 * 4)
  })

  test('leaves alone what is an output', () => {
    const network = new NetworkBuilder()
    const image = network.add('image', { type: 'input', shape: IMAGE })
    const raw = network.add('conv', conv, image)
    const relu = network.add('relu', { type: 'relu' }, raw)
    expect(fuse(network.build('n', raw, relu))).toHaveLength(3)
    expect(fuse(network.build('n', relu))).toHaveLength(2)
  })
})

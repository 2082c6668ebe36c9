import { describe, expect, test } from 'vitest'
import { networkCost, type Network } from '@leti/network'
import { expectAgreement } from './agree.fixture.js'
import { chain, floats, IMAGE, ints, scalar } from './chain.fixture.js'
import { readOnnx } from './read.js'

// Forms of operators that a reader can easily get wrong: the networks that are read agree with ONNX Runtime.

const FILES: Record<string, Uint8Array> = {
  'a transposed convolution whose output has a stated shape': chain(
    [['ConvTranspose', ['x', 'w', 'b'], { strides: [3, 2], output_shape: [24, 19] }]],
    { w: floats(6, 2, 3, 3), b: floats(2) },
  ),
  'a transposed convolution whose output is larger than its windows reach': chain(
    [['ConvTranspose', ['x', 'w'], { strides: [3, 2], output_shape: [25, 22] }]],
    { w: floats(6, 2, 3, 3) },
  ),
  'a transposed convolution padded as SAME': chain(
    [['ConvTranspose', ['x', 'w'], { strides: [2, 2], auto_pad: 'SAME_LOWER' }]],
    { w: floats(6, 2, 3, 3) },
  ),
  'a grouped transposed convolution': chain(
    [['ConvTranspose', ['x', 'w', 'b'], { strides: [2, 2], group: 3, pads: [1, 1, 1, 1] }]],
    { w: floats(6, 2, 3, 3), b: floats(6) },
  ),
  'a transposed convolution of rows': chain(
    [['ConvTranspose', ['x', 'w'], { strides: [2], pads: [1, 1], output_padding: [1] }]],
    { w: floats(6, 4, 5) },
    [1, 6, 20],
  ),
  'reductions with an empty list of axes': chain(
    [
      ['ReduceMean', ['x', 'none']],
      ['ReduceSum', ['x', 'none'], { noop_with_empty_axes: 1 }],
      ['Sub', ['t1', 't0']],
    ],
    { none: ints() },
    IMAGE,
    18,
  ),
  'sums and norms of axes': chain(
    [
      ['ReduceL2', ['x', 'axes'], { keepdims: 0 }],
      ['ReduceL1', ['x', 'axes'], { keepdims: 0 }],
      ['ReduceMin', ['x', 'axes'], { keepdims: 0 }],
      ['ReduceSumSquare', ['x', 'axes'], { keepdims: 0 }],
      ['Sum', ['t0', 't1', 't2', 't3']],
    ],
    { axes: ints(1, 3) },
    IMAGE,
    18,
  ),
  'blocks of pixels and channels': chain([
    ['Concat', ['x', 'x', 'x', 'x'], { axis: 1 }],
    ['DepthToSpace', ['t0'], { blocksize: 2, mode: 'CRD' }],
    ['SpaceToDepth', ['t1'], { blocksize: 2 }],
    ['LogSoftmax', ['t2'], { axis: 1 }],
  ]),
  'a resize of two axes': chain(
    [['Resize', ['x', '', '', 'size'], { mode: 'linear', axes: [2, 3] }]],
    { size: ints(16, 13) },
    IMAGE,
    18,
  ),
  'a mean that leaves out padding which no rule gives': chain([
    ['AveragePool', ['x'], { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 1, 1, 0] }],
  ]),
  'a constant matrix on the left': chain([['MatMul', ['w', 'x']]], { w: floats(5, 8) }),
  'padding with copies': chain(
    [
      ['Pad', ['x', 'p'], { mode: 'reflect' }],
      ['Pad', ['t0', 'q'], { mode: 'edge' }],
      ['Pad', ['t1', 'r']],
    ],
    {
      p: ints(0, 0, 2, 1, 0, 0, 1, 3),
      q: ints(0, 0, 0, 2, 0, 0, 1, 0),
      r: ints(0, 0, -1, 1, 0, 0, 0, -2),
    },
  ),
  'activations that are composed': chain([
    ['Selu', ['x']],
    ['Celu', ['t0'], { alpha_f: 0.7 }],
    ['Elu', ['t1'], { alpha_f: 0.4 }],
    ['Softsign', ['t2']],
  ]),
  'a norm of groups, with a scale per channel': chain(
    [['GroupNormalization', ['x', 's', 'o'], { num_groups: 3 }]],
    { s: floats(6), o: floats(6) },
    IMAGE,
    21,
  ),
  'maxima of tensors': chain(
    [
      ['Max', ['x', 'c']],
      ['Min', ['t0', 'x']],
      ['Round', ['t1']],
      ['Sub', ['x', 't2']],
    ],
    { c: floats(6, 1, 1) },
  ),
}

describe.each(Object.entries(FILES))('%s', (name, file) => {
  test('agrees with ONNX Runtime', async () => {
    await expectAgreement(file, name.replace(/\W+/g, '-'))
  })
})

const unknownIn = ({ nodes }: Network): string[] =>
  nodes.flatMap(({ operator }) => ('name' in operator ? [operator.name] : []))

describe.each([
  ['antialiased', { antialias: 1, mode: 'linear' }, 18, [0.5, 0.5]],
  ['by a scale that is not the ratio of the sizes', { mode: 'linear' }, 18, [0.3, 0.3]],
  [
    'to a single pixel as in PyTorch',
    { mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel' },
    18,
    [0.125, 0.1],
  ],
])('a resize %s', (_name, attributes, opset, scales) => {
  test('is not read as another one', () => {
    const values = { shape: [4], floats: Float32Array.of(1, 1, ...scales) }
    const file = chain([['Resize', ['x', '', 's'], attributes]], { s: values }, IMAGE, opset)
    expect(() => unknownIn(readOnnx(file, 'resize').network)).toThrow('operator Resize is unknown')
  })
})

test('a constant matrix on the left counts its products once', () => {
  const { network } = readOnnx(
    chain([['MatMul', ['w', 'x']]], { w: floats(16, 32) }, [1, 32, 40]),
    'left',
  )
  expect(networkCost(network)).toMatchObject({ macs: 20480, parameters: 512 })
})

test('a weight that two products share is counted once', () => {
  const steps: [string, string[], Record<string, number>?][] = [
    ['MatMul', ['x', 'w']],
    ['MatMul', ['t0', 'w']],
    ['Gemm', ['t1', 'v', 'b'], { transB: 1 }],
    ['Gemm', ['t2', 'v'], { transB: 1 }],
  ]
  const constants = { w: floats(8, 8), v: floats(8, 8), b: floats(8) }
  const { network } = readOnnx(chain(steps, constants, [1, 8]), 'shared')
  expect(networkCost(network)).toMatchObject({ macs: 4 * 64, parameters: 64 + 64 + 8 })
})

test('a single number is no parameter', () => {
  const steps: [string, string[]][] = [
    ['Add', ['x', 'epsilon']],
    ['Sqrt', ['t0']],
    ['Mul', ['t1', 'w']],
  ]
  const epsilon = { shape: [1], floats: Float32Array.of(1e-5) }
  const { network } = readOnnx(chain(steps, { epsilon, w: floats(6, 1, 1) }), 'epsilon')
  expect(networkCost(network).parameters).toBe(6)
})

describe.each([
  ['begins at 0', 0, 0.1, ['relu']],
  ['ends at 6, as that of a ReLU6', 0, 6 / 255, ['relu6']],
  ['has a zero inside', 7, 0.1, []],
])('a quantizer whose range %s', (_name, zero, scale, expected) => {
  test(`is read as ${expected[0] ?? 'no function'}`, () => {
    const steps: [string, string[]][] = [
      ['Conv', ['x', 'w']],
      ['QuantizeLinear', ['t0', 'scale', 'zero']],
      ['DequantizeLinear', ['t1', 'scale', 'zero']],
      ['Conv', ['t2', 'v']],
    ]
    const file = chain(steps, {
      w: floats(4, 6, 1, 1),
      v: floats(3, 4, 1, 1),
      scale: { shape: [], floats: Float32Array.of(scale) },
      zero: { shape: [], codes: Uint8Array.of(zero) },
    })
    const { nodes } = readOnnx(file, 'quantized').network
    const types = nodes.map(({ operator }) => operator.type)
    expect(types).toEqual(['input', 'conv2d', ...expected, 'conv2d'])
  })
})

test.each([
  ['of the least signed code', [['Identity', ['least']]], {}, ['relu']],
  ['of the signed code 0', [['Identity', ['middle']]], {}, []],
  ['of signed codes that only the quantizer states', [], { output_dtype: 3 }, []],
] as const)('a zero %s begins the range, or does not', (_name, before, attributes, expected) => {
  const zero = before.length > 0 ? ['t0'] : []
  const conv = `t${before.length}`
  const steps: [string, string[], Record<string, number>?][] = [
    ...before.map(([op, inputs]): [string, string[]] => [op, [...inputs]]),
    ['Conv', ['x', 'w']],
    ['QuantizeLinear', [conv, 'scale', ...zero], attributes],
    ['DequantizeLinear', [`t${before.length + 1}`, 'scale', ...zero]],
    ['Conv', [`t${before.length + 2}`, 'v']],
  ]
  const file = chain(steps, {
    w: floats(4, 6, 1, 1),
    v: floats(3, 4, 1, 1),
    scale: { shape: [], floats: Float32Array.of(0.1) },
    least: { shape: [], codes: Int8Array.of(-128) },
    middle: { shape: [], codes: Int8Array.of(0) },
  })
  const types = readOnnx(file, 'quantized').network.nodes.map(({ operator }) => operator.type)
  expect(types).toEqual(['input', 'conv2d', ...expected, 'conv2d'])
})

test('a fraction is true', () => {
  const file = chain(
    [
      ['Cast', ['k'], { to: 9 }],
      ['Where', ['t0', 'a', 'b']],
      ['Reshape', ['x', 't1']],
    ],
    { k: scalar(0.3), a: ints(1, 48, 10), b: ints(1, 10, 48) },
  )
  expect(readOnnx(file, 'fraction').network.nodes.at(-1)?.shape).toEqual([48, 10])
})

test('large stored weights do not exhaust the folding of constants', () => {
  const size = 1536
  const codes = { shape: [size, size], codes: new Int8Array(size * size) }
  const scales = { scale: { shape: [size], floats: new Float32Array(size).fill(0.1) } }
  const layers = [0, 1, 2, 3, 4, 5, 6, 7]
  const steps = layers.flatMap((at): [string, string[]][] => [
    ['DequantizeLinear', [`w${at}`, 'scale']],
    ['MatMul', [at ? `t${2 * at - 1}` : 'x', `t${2 * at}`]],
  ])
  const weights = Object.fromEntries(layers.map((at) => [`w${at}`, codes]))
  const { network } = readOnnx(chain(steps, { ...weights, ...scales }, [1, size]), 'large')
  expect(networkCost(network).macs).toBe(8 * size * size)
})

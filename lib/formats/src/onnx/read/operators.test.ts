import type { Network } from '@leti/network'
import { describe, expect, test } from 'vitest'
import { onnxBytes, type OnnxNode } from '../../onnx.fixture.js'
import { expectAgreement } from './agree.fixture.js'
import { chain, floats, IMAGE, ints, positive, scalar } from './chain.fixture.js'
import { readOnnx } from './read.js'

// Operators as exporters write them: the networks that are read agree with ONNX Runtime.

const norm = { s: positive(6), o: floats(6), m: floats(6), v: positive(6) }
const NORM = ['s', 'o', 'm', 'v']

const FILES: Record<string, Uint8Array> = {
  'a convolution with unequal pads': chain(
    [['Conv', ['x', 'w', 'b'], { pads: [1, 0, 2, 1], strides: [2, 1] }]],
    { w: floats(7, 6, 3, 3), b: floats(7) },
  ),
  'a convolution padded as in PyTorch': chain(
    [['Conv', ['x', 'w'], { pads: [1, 1, 1, 1], strides: [2, 2] }]],
    { w: floats(7, 6, 3, 3) },
  ),
  'a dilated convolution': chain(
    [['Conv', ['x', 'w'], { pads: [2, 2, 2, 2], dilations: [2, 2] }]],
    { w: floats(7, 6, 3, 3) },
  ),
  'a depthwise convolution with multiplier 2': chain(
    [['Conv', ['x', 'w', 'b'], { pads: [1, 1, 1, 1], group: 6 }]],
    { w: floats(12, 1, 3, 3), b: floats(12) },
  ),
  'a grouped convolution': chain([['Conv', ['x', 'w'], { group: 2 }]], { w: floats(4, 3, 3, 3) }),
  'a convolution with SAME_LOWER padding': chain(
    [['Conv', ['x', 'w'], { auto_pad: 'SAME_LOWER', strides: [2, 2] }]],
    { w: floats(7, 6, 2, 2) },
  ),
  'a convolution of rows': chain(
    [['Conv', ['x', 'w', 'b'], { pads: [1, 1], strides: [2] }]],
    { w: floats(5, 6, 3), b: floats(5) },
    [1, 6, 20],
  ),
  'a convolution of volumes': chain(
    [['Conv', ['x', 'w', 'b'], { pads: [1, 0, 2, 0, 1, 2], dilations: [1, 2, 1] }]],
    { w: floats(4, 3, 3, 2, 3), b: floats(4) },
    [1, 3, 5, 6, 7],
  ),
  'a transposed convolution': chain([['ConvTranspose', ['x', 'w', 'b'], { strides: [2, 2] }]], {
    w: floats(6, 4, 2, 2),
    b: floats(4),
  }),
  'a transposed convolution with cropped output': chain(
    [
      [
        'ConvTranspose',
        ['x', 'w', 'b'],
        { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] },
      ],
    ],
    { w: floats(6, 4, 3, 3), b: floats(4) },
  ),
  'a batch norm after a convolution with a bias': chain(
    [
      ['Conv', ['x', 'w', 'b']],
      ['BatchNormalization', ['t0', ...NORM], { epsilon_f: 0.01 }],
      ['Relu', ['t1']],
    ],
    { w: floats(6, 6, 3, 3), b: floats(6), ...norm },
  ),
  'a batch norm after a transposed convolution': chain(
    [
      ['ConvTranspose', ['x', 'w'], { strides: [2, 2] }],
      ['BatchNormalization', ['t0', ...NORM]],
    ],
    { w: floats(6, 6, 2, 2), ...norm },
  ),
  'a batch norm of the input': chain([['BatchNormalization', ['x', ...NORM]]], norm),
  'a batch norm after a convolution that is read twice': chain(
    [
      ['Conv', ['x', 'w']],
      ['BatchNormalization', ['t0', ...NORM]],
      ['Add', ['t0', 't1']],
    ],
    { w: floats(6, 6, 1, 1), ...norm },
  ),
  'a scale and a shift per channel after a convolution': chain(
    [
      ['Conv', ['x', 'w', 'b']],
      ['Mul', ['t0', 's']],
      ['Add', ['o', 't1']],
      ['Sub', ['t2', 'b4']],
    ],
    {
      w: floats(6, 6, 3, 3),
      b: floats(6),
      s: floats(6, 1, 1),
      o: floats(1, 6, 1, 1),
      b4: floats(1),
    },
  ),
  'a constant per row, not per channel': chain(
    [
      ['Conv', ['x', 'w']],
      ['Add', ['t0', 'r']],
    ],
    { w: floats(10, 6, 1, 1), r: floats(10) },
  ),
  'pools that count padding and round up': chain([
    ['Relu', ['x']],
    ['MaxPool', ['t0'], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }],
    ['AveragePool', ['t1'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }],
    ['AveragePool', ['t2'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }],
  ]),
  'a pool that counts padding, but not what it rounds up': chain(
    [
      [
        'AveragePool',
        ['x'],
        {
          kernel_shape: [3, 3],
          strides: [2, 2],
          pads: [1, 1, 1, 1],
          count_include_pad: 1,
          ceil_mode: 1,
        },
      ],
    ],
    {},
    IMAGE,
    19,
  ),
  'a pool with gaps': chain([
    ['Relu', ['x']],
    [
      'MaxPool',
      ['t0'],
      { kernel_shape: [2, 3], strides: [1, 2], dilations: [2, 3], pads: [1, 2, 0, 2] },
    ],
    ['MaxPool', ['t1'], { kernel_shape: [2, 2], dilations: [2, 1] }],
  ]),
  'an image that is repeated': chain(
    [
      ['Tile', ['x', 'repeats']],
      ['Relu', ['t0']],
    ],
    { repeats: ints(1, 2, 1, 3) },
  ),
  'a shape that comparisons choose': chain(
    [
      ['Shape', ['x']],
      ['Less', ['t0', 'seven']],
      ['Equal', ['t0', 'eight']],
      ['Or', ['t1', 't2']],
      ['Where', ['t3', 't0', 'rest']],
      ['Reshape', ['x', 't4']],
    ],
    { seven: ints(7), eight: ints(8), rest: ints(-1) },
  ),
  'rows that are expanded to more axes': chain(
    [
      ['ReduceMean', ['x'], { axes: [2], keepdims: 1 }],
      ['Expand', ['t0', 'shape']],
      ['Mul', ['t1', 'x']],
      ['Expand', ['t2', 'more']],
    ],
    { shape: ints(8, 1), more: ints(1, 2, 6, 8, 10) },
    [1, 6, 8, 10],
  ),
  'the pool of a ResNet': chain([
    ['Relu', ['x']],
    ['MaxPool', ['t0'], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
  ]),
  'the maximum of channels, then of the image': chain([
    ['ReduceMax', ['x'], { axes: [1], keepdims: 1 }],
    ['Add', ['x', 't0']],
    ['GlobalMaxPool', ['t1']],
  ]),
  'a classifier: pool, flatten, Gemm': chain(
    [
      ['GlobalAveragePool', ['x']],
      ['Flatten', ['t0']],
      ['Gemm', ['t1', 'w', 'b'], { transB: 1, alpha_f: 0.5, beta_f: 2 }],
      ['Softmax', ['t2']],
    ],
    { w: floats(5, 6), b: floats(5) },
  ),
  'an image flattened with channels first': chain(
    [
      ['Flatten', ['x']],
      ['Gemm', ['t0', 'w']],
    ],
    { w: floats(480, 5) },
  ),
  'a channel shuffle': chain(
    [
      ['Reshape', ['x', 'split']],
      ['Transpose', ['t0'], { perm: [0, 2, 1, 3, 4] }],
      ['Reshape', ['t1', 'joined']],
      ['Conv', ['t2', 'w']],
    ],
    { split: ints(1, 2, 3, 8, 10), joined: ints(1, -1, 8, 10), w: floats(5, 6, 1, 1) },
  ),
  'patches as tokens through a dense layer': chain(
    [
      ['Reshape', ['x', 'rows']],
      ['Transpose', ['t0'], { perm: [0, 2, 1] }],
      ['MatMul', ['t1', 'w']],
      ['Add', ['t2', 'b']],
      ['Softmax', ['t3'], { axis: -1 }],
      ['ReduceMean', ['t4'], { axes: [1], keepdims: 0 }],
    ],
    { rows: ints(1, 6, -1), w: floats(6, 5), b: floats(5) },
  ),
  'channel attention': chain(
    [
      ['ReduceMean', ['x'], { axes: [2, 3], keepdims: 1 }],
      ['Conv', ['t0', 'w']],
      ['HardSigmoid', ['t1'], { alpha_f: 1 / 6, beta_f: 0.5 }],
      ['Mul', ['x', 't2']],
    ],
    { w: floats(6, 6, 1, 1) },
  ),
  'a shape that the file computes': chain(
    [
      ['Shape', ['x']],
      ['Gather', ['t0', 'first'], { axis: 0 }],
      ['Unsqueeze', ['t1', 'zero']],
      ['Concat', ['t2', 'rest'], { axis: 0 }],
      ['Reshape', ['x', 't3']],
    ],
    { first: { shape: [], ints: [0] }, zero: ints(0), rest: ints(-1, 4) },
  ),
  'slices, concatenation and padding': chain(
    [
      ['Slice', ['x', 'b', 'e', 'a', 's']],
      ['Slice', ['x', 'b2', 'e2', 'a2']],
      ['Concat', ['t0', 't1'], { axis: 1 }],
      ['Pad', ['t2', 'p']],
    ],
    {
      b: ints(-1, 0),
      e: ints(-(2 ** 31), 5),
      a: ints(1, 3),
      s: ints(-1, 1),
      b2: ints(2, 5),
      e2: ints(2 ** 40, 100),
      a2: ints(1, 3),
      p: ints(0, 1, 0, 2, 0, 0, 1, 0),
    },
  ),
  'nearest and bilinear resizing': chain(
    [
      ['Resize', ['x', '', 'twice'], { mode: 'nearest' }],
      ['Resize', ['t0', '', '', 'size'], { mode: 'linear' }],
      [
        'Resize',
        ['t1', '', '', 'back'],
        { mode: 'linear', coordinate_transformation_mode: 'align_corners' },
      ],
      [
        'Resize',
        ['t2', '', 'twice'],
        { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
      ],
    ],
    {
      twice: { shape: [4], floats: Float32Array.of(1, 1, 2, 2) },
      size: ints(1, 6, 20, 13),
      back: ints(1, 6, 7, 9),
    },
  ),
  'limits that no number is within': chain(
    [
      ['Min', ['x', 'zero']],
      ['Max', ['t0', 'six']],
      ['Mul', ['t1', 'x']],
    ],
    { zero: scalar(0), six: scalar(6) },
  ),
  'limits and activation functions': chain(
    [
      ['Max', ['x', 'zero']],
      ['Min', ['six', 't0']],
      ['Clip', ['t1', 'zero', 'six']],
      ['LeakyRelu', ['t2'], { alpha_f: 0.2 }],
      ['PRelu', ['x', 'slope']],
      ['Add', ['t3', 't4']],
      ['Elu', ['t5']],
      ['Tanh', ['t6']],
      ['Sigmoid', ['t7']],
      ['HardSwish', ['t8']],
    ],
    {
      zero: { shape: [], floats: Float32Array.of(0) },
      six: { shape: [], floats: Float32Array.of(6) },
      slope: floats(6, 1, 1),
    },
  ),
  'constants that the file computes': chain(
    [
      ['Constant', [], { value: { shape: [1], ints: [6] } }],
      ['ConstantOfShape', ['t0'], { value: { shape: [1], floats: Float32Array.of(2.4) } }],
      ['Floor', ['t1']],
      ['Ceil', ['t1']],
      ['Range', ['zero', 'six', 'one']],
      ['Neg', ['t4']],
      ['Sum', ['t2', 't3', 't5']],
      ['Unsqueeze', ['t6', 'axes']],
      ['Expand', ['t7', 'rows']],
      ['Identity', ['t8']],
      ['Mul', ['x', 't9']],
    ],
    {
      zero: scalar(0),
      six: scalar(6),
      one: scalar(1),
      axes: ints(0, 2, 3),
      rows: ints(1, 6, 8, 1),
    },
  ),
  'slices that drop an axis': chain(
    [
      ['Split', ['x', 'parts'], { axis: 1 }],
      ['Squeeze', ['t0', 'axis']],
      ['Gather', ['t0_last', 'index'], { axis: 1 }],
      ['Sum', ['t1', 't2', 't1']],
    ],
    { parts: ints(1, 5), axis: ints(1), index: { shape: [], ints: [-2] } },
  ),
  'depth to space': chain([
    ['Concat', ['x', 'x'], { axis: 1 }],
    ['DepthToSpace', ['t0'], { blocksize: 2 }],
  ]),
  'channels last, with transposes in the file': chain(
    [
      ['Transpose', ['x'], { perm: [0, 3, 1, 2] }],
      ['Conv', ['t0', 'w'], { auto_pad: 'SAME_UPPER', strides: [2, 2] }],
      ['Relu', ['t1']],
      ['Transpose', ['t2'], { perm: [0, 2, 3, 1] }],
    ],
    { w: floats(7, 6, 3, 3) },
    [1, 8, 10, 6],
  ),
  'Pad and Clip of opset 9, with attributes': chain(
    [
      ['Pad', ['x'], { pads: [0, 0, 1, 1, 0, 0, 1, 1], value_f: 0 }],
      ['Clip', ['t0'], { min_f: 0, max_f: 6 }],
      ['Upsample', ['t1', 'twice'], { mode: 'nearest' }],
      ['Dropout', ['t2']],
    ],
    { twice: { shape: [4], floats: Float32Array.of(1, 1, 2, 2) } },
    IMAGE,
    9,
  ),
}

describe.each(Object.entries(FILES))('%s', (name, file) => {
  test('agrees with ONNX Runtime', async () => {
    const network = await expectAgreement(file, name.replace(/\W+/g, '-'))
    expect(network.outputs).toHaveLength(1)
  })
})

describe('an integer input', () => {
  const UINT8 = 2
  const cast: OnnxNode = { op: 'Cast', inputs: ['x'], outputs: ['f'], attributes: { to: 1 } }
  const relu = (input: string): OnnxNode => ({ op: 'Relu', inputs: [input], outputs: ['y'] })
  const read = (nodes: OnnxNode[], inputType: number): Network =>
    readOnnx(onnxBytes({ nodes, inputs: { x: IMAGE }, outputs: ['y'], inputType }), 'x').network

  test('that is cast to float is read as a float input', () => {
    expect(read([cast, relu('f')], UINT8)).toEqual(read([relu('x')], 1))
  })

  test('that is not cast is read as a float input too, but is not divided as one', () => {
    expect(read([relu('x')], UINT8)).toEqual(read([relu('x')], 1))
    const halved: OnnxNode = { op: 'Div', inputs: ['x', 'x'], outputs: ['y'] }
    const types = (type: number): string[] =>
      read([halved], type).nodes.map(({ operator }) => operator.type)
    expect(types(UINT8)).not.toContain('div')
    expect(types(1)).toContain('div')
  })

  // The last two are float8e4m3fn and int4.
  test.each([10, 11, 17, 22])('of data type %i is read as floats', (type) => {
    expect(read([relu('x')], type)).toEqual(read([relu('x')], 1))
  })

  test('of codes becomes real numbers', () => {
    const real: OnnxNode = { op: 'DequantizeLinear', inputs: ['x', 's', 'z'], outputs: ['y'] }
    const constants = { s: scalar(0.5), z: { shape: [], codes: Uint8Array.of(128) } }
    const { nodes } = readOnnx(
      onnxBytes({
        nodes: [real],
        constants,
        inputs: { x: IMAGE },
        outputs: ['y'],
        inputType: UINT8,
      }),
      'x',
    ).network
    expect(nodes.map(({ operator }) => operator.type)).toEqual([
      'input',
      'constant',
      'sub',
      'constant',
      'mul',
    ])
  })

  test('of strings is refused', () => {
    expect(() => read([relu('x')], 8)).toThrow('input "x" is a tensor of strings')
  })
})

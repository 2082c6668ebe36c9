import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { convertModel, readModel } from '../../index.js'
import { runInLiteRt } from '../../litert.fixture.js'
import { expectAlike, feed } from '../../outputs.fixture.js'
import { runInTfjs, runTfjsFile } from '../../tfjs.fixture.js'
import { FLOAT, INT32, integer, integers, tensorShape, text, type NodeDef } from '../schema.js'

// Operators as converters write them: the networks that are read agree with TensorFlow.js.

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const IMAGE = [1, 6, 5, 4]

type Attributes = NodeDef['attr']

interface Weight {
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32'
  readonly quantization?: object
  readonly bytes: Uint8Array
}

let seed = 0
function floats(...shape: number[]): Weight {
  const size = shape.reduce((product, length) => product * length, 1)
  return { shape, dtype: 'float32', bytes: new Uint8Array(feed(++seed, size).buffer) }
}

function positive(...shape: number[]): Weight {
  const weight = floats(...shape)
  const values = new Float32Array(weight.bytes.buffer as ArrayBuffer)
  values.forEach((value, index) => (values[index] = value * value + 0.1))
  return weight
}

const number = (value: number): Weight => ({
  shape: [],
  dtype: 'float32',
  bytes: new Uint8Array(Float32Array.of(value).buffer),
})

function ints(values: number[], shape = [values.length]): Weight {
  return { shape, dtype: 'int32', bytes: new Uint8Array(Int32Array.from(values).buffer) }
}

/** A weight quantized as the converter does it, in codes of 1 or 2 bytes. */
function codes(type: 'uint8' | 'uint16', ...shape: number[]): Weight {
  const size = shape.reduce((product, length) => product * length, 1)
  const values = feed(++seed, size).map((value) => Math.floor((value + 1) * 100))
  const bytes =
    type === 'uint8' ? Uint8Array.from(values) : new Uint8Array(Uint16Array.from(values).buffer)
  return { shape, dtype: 'float32', quantization: { dtype: type, scale: 0.01, min: -1 }, bytes }
}

type Step = [op: string, inputs: string[], attributes?: Attributes]

/** Writes a model of these steps. Step `i` computes the tensor `ti`; the input is `x`. */
function write(
  name: string,
  weights: Record<string, Weight>,
  steps: readonly Step[],
  dtype: typeof FLOAT | typeof INT32 = FLOAT,
): string {
  const node: NodeDef[] = [
    { name: 'x', op: 'Placeholder', attr: { dtype, shape: { shape: tensorShape(IMAGE) } } },
    ...Object.entries(weights).map(([weight, { dtype }]) => ({
      name: weight,
      op: 'Const',
      attr: { dtype: dtype === 'int32' ? INT32 : FLOAT },
    })),
    ...steps.map(([op, input, attr = {}], index) => ({
      name: `t${index}`,
      op,
      input,
      attr: { T: FLOAT, ...attr },
    })),
  ]
  const specs = Object.entries(weights).map(([weight, { shape, dtype, quantization }]) => ({
    name: weight,
    shape,
    dtype,
    quantization,
  }))
  const json = {
    format: 'graph-model',
    modelTopology: { node, library: {}, versions: { producer: 1 } },
    weightsManifest: [{ paths: ['a.bin'], weights: specs }],
  }
  mkdirSync(join(folder, name))
  const bytes = Buffer.concat(Object.values(weights).map((weight) => weight.bytes))
  writeFileSync(join(folder, name, 'a.bin'), bytes)
  writeFileSync(join(folder, name, 'model.json'), JSON.stringify(json))
  return join(folder, name, 'model.json')
}

const window = (stride: number, padding: string, dilation = 1): Attributes => ({
  strides: integers([1, stride, stride, 1]),
  padding: text(padding),
  data_format: text('NHWC'),
  dilations: integers([1, dilation, dilation, 1]),
})
const masks = (values: Record<string, number>): Attributes =>
  Object.fromEntries(
    Object.entries(values).map(([mask, value]) => [`${mask}_mask`, integer(value)]),
  )

const NORM = { s: positive(4), o: floats(4), m: floats(4), v: positive(4) }
const FILTER = floats(3, 3, 4, 4)

const MODELS: Record<string, [Record<string, Weight>, Step[]]> = {
  'a sum with a product of constants': [
    { a: floats(5, 3), b: floats(4, 3) },
    [
      ['MatMul', ['a', 'b'], { transpose_b: { b: true } }],
      ['AddV2', ['x', 't0']],
    ],
  ],
  'constant matrices on the left of one matrix': [
    {
      rows: floats(2, 3, 6),
      image: ints([1, 6, 20]),
      begin: ints([0, 0, 0]),
      size: ints([1, 6, 4]),
    },
    [
      ['Reshape', ['x', 'image']],
      ['Slice', ['t0', 'begin', 'size']],
      ['BatchMatMulV2', ['rows', 't1']],
    ],
  ],
  'functions that LETI composes of others': [
    { three: number(3), axes: ints([1, -1]) },
    [
      ['AddV2', ['x', 'three']],
      ['Reciprocal', ['t0']],
      ['Expm1', ['t1']],
      ['Log1p', ['t2']],
      ['ReverseV2', ['t3', 'axes']],
      ['LogSoftmax', ['t4']],
    ],
  ],
  'quotients that are rounded down': [{ some: number(0.3) }, [['FloorDiv', ['x', 'some']]]],
  'an image repeated along two axes': [
    { repeats: ints([1, 2, 1, 3]) },
    [['Tile', ['x', 'repeats']]],
  ],
  'mirrored edges, without and with the outermost elements': [
    {
      some: ints([0, 0, 2, 0, 1, 3, 0, 0], [4, 2]),
      all: ints([0, 0, 1, 1, 0, 5, 0, 2], [4, 2]),
    },
    [
      ['MirrorPad', ['x', 'some'], { mode: text('REFLECT') }],
      ['MirrorPad', ['t0', 'all'], { mode: text('SYMMETRIC') }],
    ],
  ],
  'a convolution of parts that are stacked as a batch': [
    {
      block: ints([2, 2]),
      pads: ints([2, 2, 2, 3], [2, 2]),
      crops: ints([0, 0, 0, 1], [2, 2]),
      w: FILTER,
    },
    [
      ['SpaceToBatchND', ['x', 'block', 'pads']],
      ['Conv2D', ['t0', 'w'], window(1, 'VALID')],
      ['BatchToSpaceND', ['t1', 'block', 'crops']],
    ],
  ],
  'a broadcast, an edge mirrored in lower case, and the rest of an axis': [
    {
      axes: ints([1, 2]),
      shape: ints([1, 6, 5, 4]),
      pads: ints([0, 0, 1, 0, 0, 2, 0, 0], [4, 2]),
      lengths: ints([1, -1]),
      last: ints([3], []),
    },
    [
      ['Mean', ['x', 'axes'], { keep_dims: { b: true } }],
      ['BroadcastTo', ['t0', 'shape']],
      ['IdentityN', ['x', 't1'], {}],
      ['Mul', ['t2', 't2:1']],
      ['MirrorPad', ['t3', 'pads'], { mode: text('symmetric') }],
      ['SplitV', ['t4', 'lengths', 'last'], { num_split: integer(2) }],
      ['Relu', ['t5:1']],
    ],
  ],
  'a division by constants, one of them 0': [
    {
      by: {
        shape: [4],
        dtype: 'float32',
        bytes: new Uint8Array(Float32Array.of(2, 0, -4, 0.5).buffer),
      },
    },
    [['DivNoNan', ['x', 'by']]],
  ],
  'a reshape to as many numbers as there are': [
    { one: ints([1], []) },
    [
      ['Size', ['x']],
      ['Pack', ['one', 't0'], { N: integer(2), axis: integer(0) }],
      ['Reshape', ['x', 't1']],
    ],
  ],
  'weights quantized to 8 and 16 bits': [
    { w: codes('uint8', 3, 3, 4, 6), d: codes('uint16', 3, 3, 6, 1) },
    [
      ['Conv2D', ['x', 'w'], window(1, 'SAME')],
      ['DepthwiseConv2dNative', ['t0', 'd'], window(1, 'VALID')],
    ],
  ],
  'a batch norm after a convolution and a bias': [
    { w: FILTER, b: floats(4), ...NORM },
    [
      ['Conv2D', ['x', 'w'], window(2, 'SAME')],
      ['BiasAdd', ['t0', 'b'], { data_format: text('NHWC') }],
      ['FusedBatchNormV3', ['t1', 's', 'o', 'm', 'v'], { epsilon: { f: 0.01 } }],
      ['Relu', ['t2']],
    ],
  ],
  'a batch norm of the input, and one of a tensor that is read twice': [
    { w: FILTER, ...NORM },
    [
      ['FusedBatchNorm', ['x', 's', 'o', 'm', 'v'], { epsilon: { f: 0.01 } }],
      ['Conv2D', ['t0', 'w'], window(1, 'SAME', 2)],
      ['FusedBatchNormV3', ['t1', 's', 'o', 'm', 'v'], { epsilon: { f: 0.01 } }],
      ['AddV2', ['t1', 't2']],
    ],
  ],
  'consecutive limits': [
    { six: number(6), zero: number(0), one: number(1), minus: number(-1), five: number(5) },
    [
      ['Mul', ['x', 'five']],
      ['Relu', ['t0']],
      ['Minimum', ['t1', 'six']],
      ['Maximum', ['t2', 'zero']],
      ['ClipByValue', ['x', 'minus', 'one']],
      ['Sub', ['t3', 't4']],
    ],
  ],
  'explicit padding, and a Pad before a convolution': [
    { w: FILTER, p: ints([0, 0, 1, 2, 0, 1, 0, 0], [4, 2]) },
    [
      ['Pad', ['x', 'p']],
      [
        'Conv2D',
        ['t0', 'w'],
        { ...window(2, 'EXPLICIT'), explicit_paddings: integers([0, 0, 2, 1, 0, 1, 0, 0]) },
      ],
    ],
  ],
  'strided slices with masks': [
    {
      b: ints([0, 4, -3, -2]),
      e: ints([0, 3, -1, 0]),
      s: ints([1, 1, 1, -1]),
      i: ints([0, 0]),
      j: ints([1, 0]),
      k: ints([1, 1]),
      r: ints([1, -1]),
    },
    [
      ['StridedSlice', ['x', 'b', 'e', 's'], masks({ begin: 0b0011, end: 0b1001 })],
      ['StridedSlice', ['t0', 'i', 'j', 'k'], masks({ ellipsis: 0b10, new_axis: 0b01 })],
      ['StridedSlice', ['t1', 'i', 'j', 'k'], masks({ begin: 0b11, end: 0b11, shrink_axis: 0b1 })],
      ['Reshape', ['t2', 'r']],
    ],
  ],
  'parts, joined in another order': [
    { axis: ints([3], []), sizes: ints([1, 3]) },
    [
      ['Split', ['axis', 'x'], { num_split: integer(2) }],
      ['SplitV', ['x', 'sizes', 'axis'], { num_split: integer(2) }],
      ['ConcatV2', ['t1:1', 't0:1', 't0', 'axis'], { N: integer(3) }],
      ['Unpack', ['t2'], { axis: integer(2), num: integer(5) }],
      ['Pack', ['t3:4', 't3', 't3:2'], { axis: integer(1), N: integer(3) }],
    ],
  ],
  'a shape that the graph computes': [
    {
      b: ints([1]),
      e: ints([3]),
      s: ints([1]),
      two: ints([2, 2]),
      lead: ints([1]),
      last: ints([-1]),
      zero: ints([0], []),
    },
    [
      ['Shape', ['x']],
      ['StridedSlice', ['t0', 'b', 'e', 's']],
      ['Mul', ['t1', 'two']],
      ['ResizeBilinear', ['x', 't2'], { half_pixel_centers: { b: true } }],
      ['ConcatV2', ['lead', 't2', 'last', 'zero'], { N: integer(3) }],
      ['Reshape', ['t3', 't4']],
    ],
  ],
  'matrix products with constants, one transposed': [
    {
      rows: ints([1, -1, 4]),
      w: floats(7, 4),
      v: floats(7, 3),
      b: floats(3),
      f: ints([-1, 3]),
      perm: ints([0, 2, 1]),
    },
    [
      ['Reshape', ['x', 'rows']],
      ['BatchMatMulV2', ['t0', 'w'], { adj_x: { b: false }, adj_y: { b: true } }],
      ['LeakyRelu', ['t1'], { alpha: { f: 0.1 } }],
      ['BatchMatMulV2', ['t2', 'v'], { adj_x: { b: false }, adj_y: { b: false } }],
      ['AddV2', ['b', 't3']],
      ['Transpose', ['t4', 'perm']],
      ['Softmax', ['t5']],
    ],
  ],
  'matrix products of two computed tensors, one transposed': [
    { rows: ints([1, -1, 4]) },
    [
      ['Reshape', ['x', 'rows']],
      ['BatchMatMulV2', ['t0', 't0'], { adj_x: { b: false }, adj_y: { b: true } }],
      ['Softmax', ['t1']],
      ['BatchMatMulV2', ['t2', 't0'], { adj_x: { b: true }, adj_y: { b: false } }],
    ],
  ],
  'constants that the graph computes': [
    {
      zero: ints([0], []),
      one: ints([1], []),
      five: ints([5], []),
      axes: ints([0]),
      size: ints([5, 1]),
      half: number(0.5),
      row: floats(7, 3),
      order: ints([4, 0, 2, 6, 1]),
      lead: ints([0, 0, 0, 1]),
      sizes: ints([1, 6, 5, 3]),
      paddings: ints([0, 0, 1, 0, 0, 0, 0, 2], [4, 2]),
      nothing: number(0),
    },
    [
      ['Range', ['zero', 'five', 'one']],
      ['Cast', ['t0'], { SrcT: INT32, DstT: FLOAT }],
      ['Neg', ['t1']],
      ['Fill', ['size', 'half']],
      ['GatherV2', ['row', 'order', 'zero']],
      ['Add', ['t4', 't3']],
      ['Slice', ['x', 'lead', 'sizes']],
      ['AddN', ['t6', 't6', 't6'], { N: integer(3) }],
      ['Mul', ['t7', 't5']],
      ['ExpandDims', ['t2', 'one']],
      ['Div', ['t8', 'half']],
      ['Sub', ['t10', 't9']],
      ['PadV2', ['t11', 'paddings', 'nothing']],
      ['StopGradient', ['t12']],
      ['Identity', ['t13']],
      ['Squeeze', ['t14'], { squeeze_dims: integers([0]) }],
      ['Shape', ['t15']],
      ['Prod', ['t16', 'axes'], { keep_dims: { b: true } }],
      ['Reshape', ['t15', 't17']],
    ],
  ],
  'a shape that is given by some of its sizes': [
    { places: ints([1]), rank: ints([2]), size: ints([4]), rest: ints([-1], []) },
    [
      ['SparseToDense', ['places', 'rank', 'size', 'rest'], { validate_indices: { b: true } }],
      ['Reshape', ['x', 't0']],
      ['Softmax', ['t1']],
    ],
  ],
  'matrix products as older converters write them': [
    { rows: ints([-1, 4]), w: floats(4, 5), w2: floats(3, 5), ...NORM },
    [
      ['FusedBatchNormV2', ['x', 's', 'o', 'm', 'v'], { epsilon: { f: 0.01 } }],
      ['Reshape', ['t0', 'rows']],
      ['MatMul', ['t1', 'w'], { transpose_a: { b: false }, transpose_b: { b: false } }],
      ['BatchMatMul', ['t2', 'w2'], { adj_x: { b: false }, adj_y: { b: true } }],
    ],
  ],
  'a GELU, as Keras writes it': [
    { half: number(0.5), root: number(Math.SQRT1_2), one: number(1) },
    [
      ['Mul', ['x', 'half']],
      ['Mul', ['x', 'root']],
      ['Erf', ['t1']],
      ['AddV2', ['t2', 'one']],
      ['Mul', ['t0', 't3']],
    ],
  ],
  'functions of constants': [
    { p: positive(4) },
    [
      ['Rsqrt', ['p']],
      ['Mul', ['x', 't0']],
      ['Sigmoid', ['p']],
      ['AddV2', ['t1', 't2']],
    ],
  ],
  'a layer norm over the channels': [
    { last: ints([-1]), epsilon: number(0.001), two: number(2), s: floats(4), o: floats(4) },
    [
      ['Mean', ['x', 'last'], { keep_dims: { b: true } }],
      ['SquaredDifference', ['x', 't0']],
      ['Mean', ['t1', 'last'], { keep_dims: { b: true } }],
      ['AddV2', ['t2', 'epsilon']],
      ['Rsqrt', ['t3']],
      ['Sub', ['x', 't0']],
      ['Mul', ['t5', 't4']],
      ['Mul', ['t6', 's']],
      ['AddV2', ['t7', 'o']],
      ['Square', ['t8']],
      ['Pow', ['t9', 'two']],
      ['Sqrt', ['t3']],
      ['RealDiv', ['t10', 't11']],
    ],
  ],
}
async function expectAgreement(path: string, fed = feed): Promise<void> {
  const original = await runTfjsFile(path, 'cpu', fed)
  const { network } = await readModel(path)
  expect(network.nodes.filter(({ operator }) => operator.type === 'unknown')).toEqual([])
  const out = join(folder, 'again')
  const tfjs = await convertModel(path, 'tfjs', out)
  expectAlike(await runInTfjs(tfjs.path, 'wasm', fed), original.values, 1e-4)
  const tflite = await convertModel(path, 'tflite', out)
  const { values } = await runInLiteRt(readFileSync(tflite.path), fed)
  expectAlike(values, original.values, 1e-4)
}

describe.each(Object.entries(MODELS))('%s', (name, [weights, steps]) => {
  test('agrees with TensorFlow.js', async () => {
    await expectAgreement(write(name.replace(/\W+/g, '-'), weights, steps))
  })
})

describe('an integer input', () => {
  const cast: Step = ['Cast', ['x'], { SrcT: INT32, DstT: FLOAT }]
  const pixels = (input: number, size: number): Float32Array =>
    feed(input, size).map((value) => Math.floor(128 * value))

  test('that is cast to float is read as a float input', async () => {
    const path = write('pixels', { half: number(0.5) }, [cast, ['Mul', ['t0', 'half']]], INT32)
    await expectAgreement(path, pixels)
  })

  test('that indexes rows is read, and the rows are memory traffic', async () => {
    const weights = { table: floats(7, 3), axis: ints([0], []) }
    const path = write('rows', weights, [['GatherV2', ['table', 'x', 'axis']]], INT32)
    const { network } = await readModel(path)
    expect(network.nodes.at(-1)).toMatchObject({
      operator: { type: 'traffic', name: 'GatherV2' },
      shape: [6, 5, 4, 3],
    })
  })
})

test('an operator with a graph of its own is refused', async () => {
  const shape = { shape: [tensorShape(IMAGE)] } as unknown as { i: string[] }
  const path = write('nested', {}, [['StatelessIf', ['x'], { _output_shapes: { list: shape } }]])
  await expect(readModel(path)).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('operator StatelessIf runs a graph of its own') as string,
  })
})

test('a concatenation with mismatched shapes is refused', async () => {
  const weights = { axes: ints([1, 2]), last: ints([3], []) }
  const path = write('unlike', weights, [
    ['Mean', ['x', 'axes']],
    ['ConcatV2', ['x', 't0', 'last'], { N: integer(2) }],
  ])
  await expect(readModel(path)).rejects.toMatchObject({ code: 'unsupported' })
})

test('an operator that LETI lacks is kept by its name and shape', async () => {
  const shape = { shape: [tensorShape(IMAGE)] } as unknown as { i: string[] }
  const steps: Step[] = [
    ['Normalized', ['x'], { _output_shapes: { list: shape } }],
    ['Erf', ['t0']],
    ['Relu', ['t1']],
  ]
  const { network } = await readModel(write('unknown', {}, steps))
  expect(network.nodes.map(({ operator }) => operator.type)).toEqual([
    'input',
    'unknown',
    'traffic',
    'relu',
  ])
  expect(network.nodes.map(({ shape }) => shape)).toEqual(Array(4).fill([6, 5, 4]))
})

import { FLOAT, integer, integers } from '../../schema.js'
import { list } from '../json.js'
import { activation, leakyRelu, relu } from './activations.js'
import type { LayerCall } from './layer-call.js'
import {
  batchNorm,
  convolution,
  dense,
  rowConvolution,
  separableConvolution,
  transposedConvolution,
} from './weighted.js'

/** Adds the nodes of a layer; returns the name of the last. Undefined if LETI cannot lower it. */
type LayerReader = (call: LayerCall) => string | undefined

const identity: LayerReader = (call) => call.add('Identity', [call.input])

/** How each class of Keras' layers is lowered. https://keras.io/api/layers/ */
export const LAYERS: ReadonlyMap<string, LayerReader> = new Map<string, LayerReader>([
  ['Conv2D', (call) => convolution(call, 'Conv2D', 'kernel')],
  ['DepthwiseConv2D', (call) => convolution(call, 'DepthwiseConv2dNative', 'depthwise_kernel')],
  ['SeparableConv2D', separableConvolution],
  ['Conv2DTranspose', transposedConvolution],
  ['Conv1D', rowConvolution],
  ['Dense', dense],
  ['BatchNormalization', batchNorm],
  ['Activation', (call) => activation(call, call.input, call.config.activation)],
  ['ReLU', relu],
  ['LeakyReLU', (call) => leakyRelu(call, call.number('alpha', 0.3))],
  ['PReLU', (call) => call.add('Prelu', [call.input, call.weightNode('alpha')])],
  ['ELU', (call) => (call.number('alpha', 1) === 1 ? call.add('Elu', [call.input]) : undefined)],
  [
    'Softmax',
    (call) => call.add('Softmax', [call.input], { axis: integer(call.number('axis', -1)) }),
  ],
  ['MaxPooling2D', (call) => pooling(call, 'MaxPool')],
  ['AveragePooling2D', (call) => pooling(call, 'AvgPool')],
  ['MaxPooling1D', (call) => rowPooling(call, 'MaxPool')],
  ['AveragePooling1D', (call) => rowPooling(call, 'AvgPool')],
  ['GlobalAveragePooling2D', (call) => reduction(call, 'Mean', [1, 2])],
  ['GlobalMaxPooling2D', (call) => reduction(call, 'Max', [1, 2])],
  ['GlobalAveragePooling1D', (call) => reduction(call, 'Mean', [1])],
  ['GlobalMaxPooling1D', (call) => reduction(call, 'Max', [1])],
  ['Add', (call) => call.add('AddN', call.inputs)],
  ['Subtract', (call) => call.add('Sub', call.inputs)],
  ['Multiply', (call) => inPairs(call, 'Mul')],
  ['Maximum', (call) => inPairs(call, 'Maximum')],
  ['Average', average],
  [
    'Concatenate',
    (call) =>
      call.add('ConcatV2', [...call.inputs, call.integers('axis', [call.number('axis', -1)])]),
  ],
  ['Flatten', (call) => (call.isChannelsLast() ? reshape(call, [-1]) : undefined)],
  [
    'Reshape',
    (call) =>
      reshape(
        call,
        list(call.config.target_shape, 'target_shape').map((size) => Number(size ?? -1)),
      ),
  ],
  ['Permute', permute],
  ['ZeroPadding2D', zeroPadding],
  ['Cropping2D', cropping],
  ['UpSampling2D', upSampling],
  ['Rescaling', rescaling],
  ['Dropout', identity],
  ['SpatialDropout1D', identity],
  ['SpatialDropout2D', identity],
  ['AlphaDropout', identity],
  ['GaussianDropout', identity],
  ['GaussianNoise', identity],
  ['ActivityRegularization', identity],
])

function pooling(call: LayerCall, op: string): string | undefined {
  if (!call.isChannelsLast()) return undefined
  const size = call.pair('pool_size', 2)
  const window = call.window(call.pair('strides', size))
  return call.add(op, [call.input], { ...window, ksize: integers([1, ...size, 1]) })
}

function rowPooling(call: LayerCall, op: string): string | undefined {
  if (!call.isChannelsLast()) return undefined
  const [size] = call.pair('pool_size', 2)
  const [stride] = call.pair('strides', size)
  const window = { ...call.window([1, stride]), ksize: integers([1, 1, size, 1]) }
  return call.onRows((image, part) => call.add(op, [image], window, part))
}

function reduction(call: LayerCall, op: string, axes: readonly number[]): string | undefined {
  if (!call.isChannelsLast()) return undefined
  const keep_dims = { b: call.flag('keepdims', false) }
  return call.add(op, [call.input, call.integers('axes', axes)], { T: FLOAT, keep_dims })
}

/** TensorFlow's operator takes two inputs: it is applied from left to right. */
function inPairs(call: LayerCall, op: string): string {
  const last = call.inputs.length - 1
  let result = call.input
  call.inputs.slice(1).forEach((input, index) => {
    result = call.add(op, [result, input], {}, index + 1 < last ? `partial${index}` : '')
  })
  return last > 0 ? result : call.add('Identity', [result])
}

function average(call: LayerCall): string {
  const sum = call.add('AddN', call.inputs, {}, 'sum')
  return call.add('Mul', [sum, call.scalar('share', 1 / Math.max(call.inputs.length, 1))])
}

/** @param shape without the batch */
function reshape(call: LayerCall, shape: readonly number[]): string {
  return call.add('Reshape', [call.input, call.integers('shape', [1, ...shape])])
}

function permute(call: LayerCall): string {
  const dims = list(call.config.dims, 'dims').map(Number)
  return call.add('Transpose', [call.input, call.integers('perm', [0, ...dims])])
}

/** `[[top, bottom], [left, right]]`; Keras also writes one number for a pair, or for all. */
function edges(call: LayerCall, name: string): [number, number][] {
  const [first, second] = Array.isArray(call.config[name])
    ? (call.config[name] as unknown[])
    : [call.config[name] ?? 1, call.config[name] ?? 1]
  return [first, second].map((value) => {
    if (!Array.isArray(value)) return [Number(value), Number(value)]
    return [Number(value[0]), Number(value[1])]
  })
}

function zeroPadding(call: LayerCall): string | undefined {
  if (!call.isChannelsLast()) return undefined
  const paddings = [0, 0, ...edges(call, 'padding').flat(), 0, 0]
  return call.add('Pad', [call.input, call.integers('paddings', paddings)])
}

function cropping(call: LayerCall): string | undefined {
  if (!call.isChannelsLast()) return undefined
  const [rows, columns] = edges(call, 'cropping')
  const begin = call.integers('begin', [0, rows[0], columns[0], 0])
  const end = call.integers('end', [0, -rows[1], -columns[1], 0])
  const strides = call.integers('strides', [1, 1, 1, 1])
  const mask = 0b1001 | (rows[1] === 0 ? 0b0010 : 0) | (columns[1] === 0 ? 0b0100 : 0)
  const end_mask = integer(mask)
  return call.add('StridedSlice', [call.input, begin, end, strides], { end_mask })
}

/**
 * The graph computes the output size from the input's. Pixels are aligned as in TensorFlow.js,
 * without the half-pixel centers that Keras itself uses.
 */
function upSampling(call: LayerCall): string | undefined {
  if (!call.isChannelsLast()) return undefined
  const shape = call.add('Shape', [call.input], {}, 'shape')
  const range = [call.integers('begin', [1]), call.integers('size', [2])]
  const image = call.add('Slice', [shape, ...range], {}, 'image')
  const factors = call.integers('factors', call.pair('size', 2))
  const size = call.add('Mul', [image, factors], {}, 'scaled')
  const isBilinear = call.config.interpolation === 'bilinear'
  const op = isBilinear ? 'ResizeBilinear' : 'ResizeNearestNeighbor'
  return call.add(op, [call.input, size])
}

function rescaling(call: LayerCall): string | undefined {
  const { scale, offset = 0 } = call.config
  if (typeof scale !== 'number' || typeof offset !== 'number') return undefined
  const scaled = call.add('Mul', [call.input, call.scalar('scale', scale)], {}, 'scaled')
  return call.add('AddV2', [scaled, call.scalar('offset', offset)])
}

import { elements, sameShape, type Shape, type Size } from '@leti/network'
import { computedTensor } from '../../importer/value.js'
import { floatsOf, type Constant } from '../../importer/constant.js'
import { convolution, transposedConvolution } from '../../importer/convolutions.js'
import type { Filter } from '../../importer/product.js'
import { matrixProduct } from '../../importer/unknown-shapes.js'
import { multiplied, turned } from '../../importer/matrices.js'
import { pool, type FileWindow } from '../../importer/windows.js'
import { tfliteFilter } from '../layout.js'
import { PADDING } from '../schema.js'
import type { Call, OperatorReader, OperatorResult, Readers } from './call.js'

// Operators with windows or weights. A filter is laid out `[filters, height, width, channels]`.

export const CONVOLUTIONS = {
  CONV_2D: conv2d,
  DEPTHWISE_CONV_2D: depthwiseConv2d,
  CONV_3D: conv3d,
  TRANSPOSE_CONV: transposeConv,
  FULLY_CONNECTED: fullyConnected,
  BATCH_MATMUL: batchMatmul,
  MAX_POOL_2D: pooling('max_pool'),
  AVERAGE_POOL_2D: pooling('avg_pool'),
} as const satisfies Readers

function conv2d(call: Call): OperatorResult {
  const filter = call.floats(1)
  const window = filter && windowOf(call, filter.shape)
  if (!window || !hasBias(call, 2)) return undefined
  const [filters, height, width, channels] = filter.shape
  const weights = laidOut(filter, [height, width, channels, filters], 'conv2d')
  return convolution(call.op, 'conv2d', call.computed(0), window, weights, call.floats(2))
}

/** The filter is `[1, height, width, channels]`; its channels are those of the output. */
function depthwiseConv2d(call: Call): OperatorResult {
  const filter = call.floats(1)
  const window = filter && windowOf(call, filter.shape)
  if (!window || !hasBias(call, 2)) return undefined
  const input = call.computed(0)
  const [one, height, width, channels] = filter.shape
  const inputs = input.shape.at(-1) ?? 0
  const multiplier = channels / inputs
  if (one !== 1 || !Number.isInteger(multiplier)) return undefined
  const weights = laidOut(filter, [height, width, inputs, multiplier], 'depthwise_conv2d')
  return convolution(call.op, 'depthwise_conv2d', input, window, weights, call.floats(2))
}

/** The filter is `[depth, height, width, channels, filters]`. */
function conv3d(call: Call): OperatorResult {
  const filter = call.floats(1)
  const { stride_d, stride_h, stride_w } = call.options
  const { dilation_d_factor, dilation_h_factor, dilation_w_factor } = call.options
  const padding = PADDING[call.options.padding] as (typeof PADDING)[number] | undefined
  if (!filter || !padding || !hasBias(call, 2)) return undefined
  const window = {
    size: filter.shape.slice(0, -2),
    strides: [stride_d, stride_h, stride_w],
    dilations: [dilation_d_factor, dilation_h_factor, dilation_w_factor],
    padding,
  }
  const weights = { shape: filter.shape, read: () => floatsOf(filter) }
  return convolution(call.op, 'conv3d', call.computed(0), window, weights, call.floats(2))
}

function transposeConv(call: Call): OperatorResult {
  const filter = call.floats(1)
  return filter && transposed(call, filter, windowOf(call, filter.shape), 2, 3)
}

/**
 * A custom operator of MediaPipe, whose options are a struct of TFLite's: the padding, 1 for `same`,
 * and the width and height of the stride.
 * https://github.com/google-ai-edge/mediapipe/blob/master/mediapipe/util/tflite/operations/transpose_conv_bias.cc
 */
export function transposeConvBias(call: Call): OperatorResult {
  const filter = call.floats(1)
  const { customOptions } = call.node
  if (!filter || customOptions.length !== 12) return undefined
  const [padding, width, height] = new Int32Array(customOptions.slice().buffer)
  return transposed(call, filter, toWindow(filter.shape, [height, width], padding - 1), 0, 2)
}

/** @param input index of the image among the inputs, as is `bias`; input 0 is the output's size */
function transposed(
  call: Call,
  filter: Constant,
  window: FileWindow | undefined,
  input: number,
  bias: number,
): OperatorResult {
  const size = outputSize(call, window, input)
  if (!window || size?.length !== 2 || !hasBias(call, bias)) return undefined
  const [filters, height, width, channels] = filter.shape
  const weights = laidOut(filter, [height, width, filters, channels], 'transpose_conv2d')
  return transposedConvolution(
    call.op,
    call.computed(input),
    window,
    weights,
    [size[0], size[1]],
    call.floats(bias),
  )
}

/** Its size is the first input. MediaPipe's operator has none: its output is as large as its padding allows. */
function outputSize(
  call: Call,
  window: FileWindow | undefined,
  input: number,
): number[] | undefined {
  const said = (call.numbers(0) ?? call.outputShape)?.slice(1, 3)
  if (said || !call.node.isCustom || !window) return said
  return call
    .input(input)
    .shape.slice(1, 3)
    .map((length, axis) => {
      const [size, stride] = [window.size[axis], window.strides[axis]]
      return length * stride + (window.padding === 'valid' ? Math.max(size - stride, 0) : 0)
    })
}

/** A dense layer. It takes an input of any shape as rows of as many channels as the filter takes. */
function fullyConnected(call: Call): OperatorResult {
  const { op, options } = call
  const filter = call.floats(1)
  const bias = call.floats(2)
  if (filter?.shape.length !== 2 || options.weights_format !== 0 || !hasBias(call, 2)) {
    return undefined
  }
  const [units, channels] = filter.shape
  if (units === 0 || channels === 0 || (bias && elements(bias.shape) !== units)) return undefined
  const input = call.computed(0)
  const rows = elements(input.shape) / channels
  if (!Number.isInteger(rows)) return undefined
  const isOfRows = input.shape.at(-1) === channels
  const read = isOfRows
    ? computedTensor(input.node(), input.shape.length > 1 ? input.shape : [1, ...input.shape])
    : op.named('input').reshape(input, [rows, channels])
  const shape = [channels, units]
  const { read: floats } = laidOut(filter, shape, 'dense')
  const result = read && op.dense(read, { shape, isFloat: true, read: floats }, bias)
  const said = call.outputShape
  const isFlat = options.keep_num_dims === 0 && !(said && elements(said) === rows * units)
  return result && isFlat ? flattened(call, result, [rows, units]) : result
}

function flattened(
  { op }: Call,
  result: NonNullable<ReturnType<Call['op']['dense']>>,
  shape: Shape,
): OperatorResult {
  return op.assembly.settled(op.name, op.assembly.asComputed(result), shape)
}

function batchMatmul(call: Call): OperatorResult {
  const { op, options } = call
  if (!call.pair()) return undefined
  const leading = [call.input(0), call.input(1)].map(({ shape }) => shape.slice(0, -2))
  if (!sameShape(leading[0], leading[1])) {
    const isTransposed = [options.adj_x !== 0, options.adj_y !== 0] as const
    return multiplied(op, call.input(0), call.input(1), isTransposed)
  }
  const [left, b] = [call.computed(0), call.computed(1)]
  const a = options.adj_x === 0 ? left : turned(op.named('turned'), left)
  const transposeB = options.adj_y !== 0
  const shape = a && matrixProduct(a.shape, b.shape, [false, transposeB])
  return shape && op.assembly.add(op.name, { type: 'matmul', transposeB }, [a, b], shape)
}

function pooling(type: 'max_pool' | 'avg_pool'): OperatorReader {
  return (call) => {
    const { filter_height, filter_width } = call.options
    const window = windowOf(call, [1, filter_height, filter_width, 1])
    return window && pool(call.op, type, call.computed(0), window)
  }
}

/** Whether the bias is absent, or a constant. */
function hasBias(call: Call, index: number): boolean {
  return !call.has(index) || call.floats(index) !== undefined
}

/** @param shape of the filter in TensorFlow's layout */
function laidOut(filter: Constant, shape: Shape, type: Parameters<typeof tfliteFilter>[1]): Filter {
  const layout = tfliteFilter(shape, type)
  return { shape, read: () => layout.toTensorFlow(floatsOf(filter)) }
}

function windowOf({ options }: Call, filter: Shape): FileWindow | undefined {
  const { stride_h, stride_w, padding } = options
  const { dilation_h_factor = 1, dilation_w_factor = 1 } = options
  const dilations = [dilation_h_factor, dilation_w_factor] as const
  return toWindow(filter, [stride_h, stride_w], padding, dilations)
}

/** @param filter `[filters, height, width, channels]` */
function toWindow(
  filter: Shape,
  strides: Size,
  padding: number,
  dilations: Size = [1, 1],
): FileWindow | undefined {
  const rule = PADDING[padding] as (typeof PADDING)[number] | undefined
  if (filter.length !== 4 || !rule) return undefined
  return { size: [filter[1], filter[2]], strides, dilations, padding: rule }
}

import { sameShape, type Shape, type Size } from '@leti/network'
import { isConstant } from '../../importer/activation.js'
import { constantOf, floatsOf, type Constant } from '../../importer/constant.js'
import {
  convolution,
  transposedConvolution,
  withBias,
  type Filter,
} from '../../importer/convolutions.js'
import { multiplied } from '../../importer/matrices.js'
import { normalised } from '../../importer/normalized.js'
import type { Operation, Result } from '../../importer/operation.js'
import { axisOf } from '../../importer/shapes.js'
import { isImage, paddingRule, pool, type FileWindow, type Pads } from '../../importer/windows.js'
import { transposed } from '../../tflite/layout.js'
import type { Call, NodeResult } from './call.js'
import { channelsLast, Oriented } from './oriented.js'

/** Convolutions of images, and of rows, as images of height 1. */
export function conv(call: Call): NodeResult {
  const weights = call.constant(1)
  const kernel = weights && imageKernel(weights.shape)
  if (!weights || !kernel) return undefined
  return onImage(call, (op, input) => {
    const [filters, channels] = kernel
    const groups = call.int('group', 1)
    if (input.shape[3] !== channels * groups) return undefined
    const isDepthwise = groups > 1 && channels === 1 && filters % groups === 0
    const filter = isDepthwise
      ? depthwiseFilter(weights, kernel, groups)
      : convolutionFilter(weights, kernel)
    const window = windowOf(call, [kernel[2], kernel[3]], [input.shape[1], input.shape[2]])
    const result = window && convolution(op, input, window, filter, isDepthwise)
    return call.has(2) ? biased(call, op, result) : result
  })
}

export function convTranspose(call: Call): NodeResult {
  const weights = call.constant(1)
  const input = call.input(0).channelsLast(call.op)
  if (weights?.shape.length !== 4 || call.int('group', 1) !== 1 || !input || !isImage(input)) {
    return undefined
  }
  const kernel = weights.shape
  const [, , height, width] = kernel
  const window = windowOf(call, [height, width], [input.shape[1], input.shape[2]])
  if (!window || (typeof window.padding === 'string' && call.text('auto_pad') !== 'VALID')) {
    return undefined
  }
  const filter = convolutionFilter(weights, kernel)
  const result = enlarged(call, input, window, filter)
  return oriented(call.has(2) ? biased(call, call.op, result) : result)
}

/** With paddings that are no rule of TensorFlow's, the whole is computed and cut. */
function enlarged(
  call: Call,
  input: Oriented['value'],
  window: FileWindow,
  filter: Filter,
): Result {
  const { op } = call
  const extra = call.ints('output_padding') ?? [0, 0]
  const pads: Pads =
    typeof window.padding === 'string'
      ? [
          [0, 0],
          [0, 0],
        ]
      : window.padding
  const whole = pair(
    (axis) =>
      (input.shape[axis + 1] - 1) * window.strides[axis] + window.size[axis] + (extra[axis] ?? 0),
  )
  const size = pair((axis) => whole[axis] - pads[axis][0] - pads[axis][1])
  const padded = { ...window, padding: pads }
  if (paddingRule(size, padded)) return transposedConvolution(op, input, padded, filter, size)
  const result = transposedConvolution(
    op.named('whole'),
    input,
    { ...window, padding: 'valid' },
    filter,
    whole,
  )
  if (!result) return undefined
  const { shape } = result
  const begin = [0, pads[0][0], pads[1][0], 0]
  return op.slice(result, begin, [1, ...size, shape[3]])
}

export function gemm(call: Call): NodeResult {
  const weights = call.constant(1)
  const input = call.input(0).plain(call.op)
  if (weights?.shape.length !== 2 || !input || call.int('transA')) return undefined
  const isTransposed = call.int('transB') !== 0
  const product = call.op.dense(input, isTransposed ? turned(weights) : weights)
  const scaled = times(call.op, product, call.float('alpha', 1))
  if (!call.has(2) || !scaled) return oriented(scaled)
  const bias = call.input(2).value
  const summand = times(call.op.named('bias'), bias, call.float('beta', 1))
  return oriented(summand && call.op.binary('add', scaled, summand))
}

function times(op: Operation, value: Result, factor: number): Result {
  if (!value || factor === 1) return value
  return op.binary('mul', value, constantOf([factor], [], true))
}

/** A product with constants is a dense layer on the last axis. */
export function matMul(call: Call): NodeResult {
  const weights = call.constant(1)
  const input = call.input(0)
  const rank = input.order.length
  if (weights?.shape.length !== 2) return productOfTwo(call)
  const isLast = input.order[rank - 1] === rank - 1
  const value = isLast ? input.value : input.plain(call.op)
  const result = value && call.op.dense(value, weights)
  return result && new Oriented(result, isLast ? input.order : undefined)
}

/** What the file has transposed before is not moved, but read so. */
function productOfTwo(call: Call): NodeResult {
  const [a, b] = [call.input(0).plain(call.op), call.input(1)]
  const axes = b.order.map((_, axis) => axis)
  const turned = [...axes.slice(0, -2), ...axes.slice(-2).reverse()]
  const isTurned = sameShape(b.order, turned)
  const right = isTurned ? b.value : b.plain(call.op)
  const result = a && right && multiplied(call.op, a, right, [false, isTurned])
  return result && new Oriented(result)
}

/** Over the axes from one on, with a scale and a shift of their shape. */
export function layerNorm(call: Call): NodeResult {
  const input = call.input(0).plain(call.op)
  const rank = input?.shape.length ?? 0
  const first = axisOf(call.int('axis', -1), rank)
  if (!input || first === undefined || call.node.outputs.length > 1) return undefined
  const axes = Array.from({ length: rank - first }, (_, index) => first + index)
  return scaled(call, normalised(call.op.named('unit'), input, axes, call.float('epsilon', 1e-5)))
}

/** Over height and width, with a scale and a shift of each channel. */
export function instanceNorm(call: Call): NodeResult {
  const input = call.input(0)
  const value = input.channelsLast(call.op)
  const axes = Array.from({ length: input.order.length - 2 }, (_, index) => index + 1)
  const unit = value && normalised(call.op.named('unit'), value, axes, call.float('epsilon', 1e-5))
  return scaled(call, unit, channelsLast(input.order.length))
}

function scaled(call: Call, unit: Result, order?: readonly number[]): NodeResult {
  const { op } = call
  const product = unit && op.named('scaled').binary('mul', unit, call.input(1).value)
  const result = product && call.has(2) ? op.binary('add', product, call.input(2).value) : product
  return result && new Oriented(result, order)
}

export function batchNorm(call: Call): NodeResult {
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map((index) => call.constant(index))
  const input = call.input(0)
  const value = input.channelsLast(call.op)
  if (!value || !mean || !variance || call.int('training_mode')) return undefined
  const epsilon = call.float('epsilon', 1e-5)
  const result = call.op.batchNorm(value, { scale, offset, mean, variance, epsilon })
  return result && new Oriented(result, channelsLast(input.order.length))
}

export function pooling(call: Call, type: 'max_pool' | 'avg_pool'): NodeResult {
  const kernel = call.ints('kernel_shape')
  if (!kernel || kernel.length > 2 || call.int('storage_order')) return undefined
  const size = imageSize(kernel)
  return onImage(call, (op, input) => {
    const window = windowOf(call, size, [input.shape[1], input.shape[2]])
    const counts = call.int('count_include_pad') !== 0
    return window && pool(op, type, input, roundedUp(call, window, input.shape), counts)
  })
}

/** Windows that begin within the image but end outside of it count where `ceil_mode` is set. */
function roundedUp(call: Call, window: FileWindow, shape: Shape): FileWindow {
  const { size, strides, padding } = window
  if (!call.int('ceil_mode') || typeof padding === 'string') return window
  const pads = pair((axis) => {
    const [before, after] = padding[axis]
    const length = shape[axis + 1]
    let steps = Math.ceil((length + before + after - size[axis]) / strides[axis])
    if (steps * strides[axis] >= length + before) steps--
    return Math.max(steps * strides[axis] + size[axis] - length - before, after)
  })
  return {
    ...window,
    padding: [
      [padding[0][0], pads[0]],
      [padding[1][0], pads[1]],
    ],
  }
}

export function globalAveragePool(call: Call): NodeResult {
  const input = call.input(0)
  const rank = input.order.length
  const order = channelsLast(rank)
  const value = input.channelsLast(call.op)
  const axes = Array.from({ length: rank - 2 }, (_, index) => index + 1)
  const result = value && call.op.mean(value, axes, true)
  return result && new Oriented(result, order)
}

/** Runs an operator of images on the first input; rows are images of height 1. */
function onImage(call: Call, run: (op: Operation, input: Oriented['value']) => Result): NodeResult {
  const { op } = call
  const value = call.input(0).channelsLast(op)
  if (!value || isConstant(value)) return undefined
  if (value.shape.length === 4) return oriented(run(op, value))
  if (value.shape.length !== 3) return undefined
  const image = op.named('image').reshape(value, value.shape.toSpliced(1, 0, 1))
  const result = image && run(op, image)
  const rows = result && op.named('rows').reshape(result, result.shape.toSpliced(1, 1))
  return rows && new Oriented(rows, channelsLast(3))
}

function oriented(result: Result): Oriented | undefined {
  if (!result) return undefined
  return new Oriented(result, result.shape.length === 4 ? channelsLast(4) : undefined)
}

function biased(call: Call, op: Operation, result: Result): Result {
  const bias = call.constant(2)
  return bias && withBias(result, op, bias)
}

function windowOf(call: Call, size: Size, image: Size): FileWindow | undefined {
  const strides = imageSize(call.ints('strides') ?? [1, 1])
  const dilations = imageSize(call.ints('dilations') ?? [1, 1])
  const auto = call.text('auto_pad', 'NOTSET')
  const list = call.ints('pads') ?? []
  const half = list.length / 2
  const [before, after] = [imagePads(list.slice(0, half)), imagePads(list.slice(half))]
  const pads: Pads = [
    [before[0], after[0]],
    [before[1], after[1]],
  ]
  const window = { size, strides, dilations }
  if (auto === 'VALID') return { ...window, padding: 'valid' }
  if (auto === 'SAME_UPPER') return { ...window, padding: 'same' }
  if (auto === 'SAME_LOWER') return { ...window, padding: lowerPads(window, image) }
  return auto === 'NOTSET' && half <= 2 ? { ...window, padding: pads } : undefined
}

/** As `same` pads, but with the odd one before the image. */
function lowerPads({ size, strides, dilations }: Omit<FileWindow, 'padding'>, image: Size): Pads {
  return [0, 1].map((axis) => {
    const extent = (size[axis] - 1) * dilations[axis] + 1
    const steps = Math.ceil(image[axis] / strides[axis])
    const total = Math.max((steps - 1) * strides[axis] + extent - image[axis], 0)
    return [Math.ceil(total / 2), Math.floor(total / 2)] as const
  }) as unknown as Pads
}

/** Of rows and of images: a row has the height 1. */
function imageSize(list: readonly number[]): Size {
  return list.length === 1 ? [1, list[0]] : [list[0], list[1]]
}

function imagePads(list: readonly number[]): Size {
  return list.length === 1 ? [0, list[0]] : [list[0] ?? 0, list[1] ?? 0]
}

function imageKernel(shape: Shape): Shape | undefined {
  if (shape.length === 3) return [shape[0], shape[1], 1, shape[2]]
  return shape.length === 4 ? shape : undefined
}

function pair(of: (axis: number) => number): Size {
  return [of(0), of(1)]
}

/** From `[a, b, height, width]` to `[height, width, b, a]`. */
function convolutionFilter(weights: Constant, [a, b, height, width]: Shape): Filter {
  return {
    shape: [height, width, b, a],
    read: () =>
      transposed(transposed(floatsOf(weights), a, b * height * width), b, height * width, a),
  }
}

/** From `[groups * multiplier, 1, height, width]` to `[height, width, groups, multiplier]`. */
function depthwiseFilter(
  weights: Constant,
  [filters, , height, width]: Shape,
  groups: number,
): Filter {
  return {
    shape: [height, width, groups, filters / groups],
    read: () => transposed(floatsOf(weights), filters, height * width),
  }
}

function turned(weights: Constant): Constant {
  const [rows, columns] = weights.shape
  return {
    ...weights,
    shape: [columns, rows],
    read: () => transposed(floatsOf(weights), rows, columns),
  }
}

import {
  elements,
  type DilatedWindow,
  type Operator,
  type Padding,
  type Shape,
  type Size,
  type Window,
} from '@leti/network'
import { withoutBatch } from '../../../importer/axes.js'
import type { FloatConstant } from '../constants.js'
import { PADDING } from '../../schema.js'
import { tfliteFilter } from '../../layout.js'
import type { Arguments, KnownOperator } from './arguments.js'

export function convolution(args: Arguments): KnownOperator | undefined {
  const filter = filterOf(args)
  const window = filter && dilatedWindow(args, filter.size)
  if (!window) return undefined
  const { filters, size, channels } = filter
  const groups = channelsOf(args, 0) / channels
  if (!isCount(groups)) return undefined
  const operator = { type: 'conv2d', filters, window, bias: args.has(2) } as const
  const grouped = { ...operator, ...(groups > 1 && { groups }) }
  return withWeights(args, grouped, filter, [...size, channels, filters], filters)
}

export function depthwiseConvolution(args: Arguments): KnownOperator | undefined {
  const filter = filterOf(args)
  const window = filter && dilatedWindow(args, filter.size)
  if (!window) return undefined
  // The filter is [1, height, width, channels]: those of the output.
  const channels = channelsOf(args, 0)
  const multiplier = filter.channels / channels
  if (!isCount(multiplier)) return undefined
  const operator = { type: 'depthwise_conv2d', window, bias: args.has(2) } as const
  const multiplied = { ...operator, ...(multiplier > 1 && { multiplier }) }
  const shape = [...filter.size, channels, multiplier]
  return withWeights(args, multiplied, filter, shape, filter.channels)
}

export function transposedConvolution(args: Arguments): KnownOperator | undefined {
  const filter = filterOf(args)
  const window = filter && windowOf(args, filter.size)
  return window && transposed(args, filter, window, 2, 3)
}

/**
 * MediaPipe's custom operator, whose options are the struct of TFLite's own: padding (1 is `same`),
 * width and height of the stride.
 * https://github.com/google-ai-edge/mediapipe/blob/master/mediapipe/util/tflite/operations/transpose_conv_bias.cc
 */
export function transposedConvolutionWithBias(args: Arguments): KnownOperator | undefined {
  const filter = filterOf(args)
  const bytes = args.op.customOptions
  if (!filter || bytes.length !== 12) return undefined
  const [padding, width, height] = new Int32Array(bytes.slice().buffer)
  const window = toWindow(filter.size, [height, width], PADDING[padding - 1])
  return window && transposed(args, filter, window, 0, 2)
}

function transposed(
  args: Arguments,
  filter: Filter,
  window: Window,
  input: number,
  bias: number,
): KnownOperator | undefined {
  const { filters, size, channels } = filter
  const outputSize = args.outputShape ?? args.integers(0)?.slice(1)
  if (!outputSize || channelsOf(args, input) !== channels) return undefined
  const [height, width] = outputSize
  const operator: Operator = {
    type: 'transpose_conv2d',
    filters,
    window,
    bias: args.has(bias),
    outputSize: [height, width],
  }
  return withWeights(args, operator, filter, [...size, filters, channels], filters, input, bias)
}

export function fullyConnected(args: Arguments): KnownOperator | undefined {
  const filter = args.floats(1)
  if (filter?.shape.length !== 2 || args.options.weights_format !== 0) return undefined
  const [units, channels] = filter.shape
  const input = withoutBatch(args.shape(0))
  const operator = { type: 'dense', units, bias: args.has(2) } as const
  const known = withWeights(args, operator, filter, [channels, units], units)
  // Whatever the input's shape, it is read as rows of that many channels.
  if (!known || input[input.length - 1] === channels) return known
  const rows = elements(input) / channels
  if (!isCount(rows)) return undefined
  return { ...known, inputShapes: [rows === 1 ? [channels] : [rows, channels]] }
}

export function pool(args: Arguments, type: 'max_pool' | 'avg_pool'): KnownOperator | undefined {
  const window = windowOf(args, [args.options.filter_height, args.options.filter_width])
  return window && args.unary({ type, window })
}

/** A filter of `[filters, height, width, channels]`. */
interface Filter extends FloatConstant {
  readonly filters: number
  readonly size: Size
  readonly channels: number
}

function filterOf(args: Arguments): Filter | undefined {
  const constant = args.floats(1)
  if (constant?.shape.length !== 4) return undefined
  const [filters, height, width, channels] = constant.shape
  return { ...constant, filters, size: [height, width], channels }
}

/** @param shape of the filter in TensorFlow's layout */
function withWeights(
  args: Arguments,
  operator: Operator,
  filter: FloatConstant,
  shape: Shape,
  outputs: number,
  input = 0,
  biasInput = 2,
): KnownOperator | undefined {
  const layout = tfliteFilter(shape, operator.type)
  const bias = args.floats(biasInput)
  const fits = elements(filter.shape) > 0 && elements(layout.shape) === elements(filter.shape)
  if (!fits || (args.has(biasInput) && (!bias || elements(bias.shape) !== outputs)))
    return undefined
  return {
    operator,
    inputs: [args.inputs[input]],
    filter: () => layout.toTensorFlow(filter.read()),
    ...(bias && { bias: bias.read }),
  }
}

function channelsOf(args: Arguments, input: number): number {
  return args.shape(input).at(-1) ?? 0
}

function dilatedWindow(args: Arguments, size: Size): DilatedWindow | undefined {
  const { dilation_h_factor, dilation_w_factor } = args.options
  const window = windowOf(args, size)
  if (!window || !isCount(dilation_h_factor) || !isCount(dilation_w_factor)) return undefined
  const isDilated = dilation_h_factor > 1 || dilation_w_factor > 1
  return { ...window, ...(isDilated && { dilations: [dilation_h_factor, dilation_w_factor] }) }
}

function windowOf({ options }: Arguments, size: Size): Window | undefined {
  return toWindow(size, [options.stride_h, options.stride_w], PADDING[options.padding])
}

function toWindow(size: Size, strides: Size, padding: Padding | undefined): Window | undefined {
  const isWindow = [...size, ...strides].every(isCount)
  return isWindow && padding ? { size, strides, padding } : undefined
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0
}

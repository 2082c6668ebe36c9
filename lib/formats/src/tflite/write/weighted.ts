import {
  filterShape,
  type BatchNorm,
  type Conv2d,
  type Conv3d,
  type Convolution,
  type Dense,
  type DepthwiseConv2d,
  type Kernel,
  type MatrixProduct,
  type Shape,
  type TransposeConv2d,
} from '@leti/network'
import { tfliteFilter } from '../layout.js'
import { PADDING } from '../schema.js'
import {
  activationOption,
  argument,
  rankOf,
  type Draft,
  type KernelContext,
  type Writers,
} from './kernel-operators.js'
import { windowOptions } from './window-options.js'

/** Convolutions, matrix products, and the batch norm that follows none of them. */
export const WEIGHTED: Writers<Convolution | MatrixProduct | BatchNorm> = {
  conv2d,
  depthwise_conv2d: depthwiseConv2d,
  conv3d,
  transpose_conv2d: transposeConv2d,
  dense,
  matmul: (_kernel, { transposeB }, { inputs }) => ({
    builtin: 'BATCH_MATMUL',
    inputs,
    options: { adj_y: Number(transposeB) },
  }),
  batch_norm: batchNorm,
}

function conv2d(kernel: Kernel, { window, groups = 1 }: Conv2d, context: KernelContext): Draft {
  return {
    builtin: 'CONV_2D',
    inputs: [...context.inputs, filterTensor(kernel, context), biasTensor(kernel, context)],
    options: { ...windowOptions(window), ...activationOption(kernel) },
    version: groups > 1 ? 6 : 1,
  }
}

function depthwiseConv2d(
  kernel: Kernel,
  { window, multiplier = 1 }: DepthwiseConv2d,
  context: KernelContext,
): Draft {
  const options = windowOptions(window)
  const isDilated = options.dilation_h_factor > 1 || options.dilation_w_factor > 1
  return {
    builtin: 'DEPTHWISE_CONV_2D',
    inputs: [...context.inputs, filterTensor(kernel, context), biasTensor(kernel, context)],
    options: { ...options, depth_multiplier: multiplier, ...activationOption(kernel) },
    version: isDilated ? 2 : 1,
  }
}

/** The filter keeps TensorFlow's layout, unlike that of other convolutions. */
function conv3d(kernel: Kernel, { window }: Conv3d, context: KernelContext): Draft {
  const { strides, padding, dilations = [1, 1, 1] } = window
  const [stride_d, stride_h, stride_w] = strides
  const [dilation_d_factor, dilation_h_factor, dilation_w_factor] = dilations
  const filter = context.graph.weights(
    `${kernel.name}/filter`,
    filterShape(kernel.operator, context.inputShapes[0]) as Shape,
    () => context.weights(kernel.name, 'filter'),
  )
  return {
    builtin: 'CONV_3D',
    inputs: [...context.inputs, filter, biasTensor(kernel, context)],
    options: {
      padding: PADDING.indexOf(padding),
      ...{ stride_d, stride_h, stride_w },
      ...{ dilation_d_factor, dilation_h_factor, dilation_w_factor },
      ...activationOption(kernel),
    },
  }
}

function transposeConv2d(
  kernel: Kernel,
  { window }: TransposeConv2d,
  context: KernelContext,
): Draft {
  const bias = kernel.bias ? [biasTensor(kernel, context)] : []
  const size = argument(kernel, context, 'output_shape', [1, ...kernel.shape])
  return {
    builtin: 'TRANSPOSE_CONV',
    inputs: [size, filterTensor(kernel, context), ...context.inputs, ...bias],
    options: windowOptions(window),
    version: kernel.bias ? 3 : 1,
  }
}

function dense(kernel: Kernel, _operator: Dense, context: KernelContext): Draft {
  const keepsDims = rankOf(kernel) > 2
  return {
    builtin: 'FULLY_CONNECTED',
    inputs: [...context.inputs, filterTensor(kernel, context), biasTensor(kernel, context)],
    options: { ...activationOption(kernel), keep_num_dims: Number(keepsDims) },
    version: keepsDims ? 5 : 1,
  }
}

/** A batch norm that follows no convolution: a MUL by its scale, then an ADD of its shift. */
function batchNorm(
  kernel: Kernel,
  _operator: BatchNorm,
  { graph, inputs, weights }: KernelContext,
): Draft {
  const { name, shape } = kernel
  const channels = shape.slice(-1)
  const scale = graph.weights(`${name}/filter`, channels, () => weights(name, 'filter'))
  const product = graph.tensor(`${name}/product`, [1, ...shape])
  graph.operator('MUL', [...inputs, scale], product, { fused_activation_function: 0 })
  const shift = graph.weights(`${name}/bias`, channels, () => weights(name, 'bias'))
  return { builtin: 'ADD', inputs: [product, shift], options: activationOption(kernel) }
}

/** Adds the filter, in TFLite's layout: output channels first. Returns its tensor. */
function filterTensor(
  { name, operator, sharesWeights: owner = name }: Kernel,
  { graph, weights, inputShapes }: KernelContext,
): number {
  const layout = tfliteFilter(filterShape(operator, inputShapes[0]) as Shape, operator.type)
  const read = () => weights.tfliteFilter?.(name) ?? layout.fromTensorFlow(weights(name, 'filter'))
  return graph.once(`filter/${owner}`, () => graph.weights(`${name}/filter`, layout.shape, read))
}

/**
 * Adds the bias. Returns its tensor. A kernel without one gets zeros, as from TensorFlow's converter:
 * TFLite's convolutions require a bias.
 */
function biasTensor(
  { name, bias, shape, sharesWeights: owner = name }: Kernel,
  { graph, weights }: KernelContext,
): number {
  const size = shape[shape.length - 1]
  const read = (): Float32Array => (bias ? weights(name, 'bias') : new Float32Array(size))
  return graph.once(`bias/${owner}`, () => graph.weights(`${name}/bias`, [size], read))
}

import type {
  BatchNorm,
  Conv3d,
  Convolution,
  Dense,
  Kernel,
  MatrixProduct,
  TransposeConv2d,
} from '@leti/network'
import { integerArguments, type Constant, type Weight } from './constant.js'
import { fused, weightConstants, windowAttributes } from './fused.js'
import { groupedConvolution } from './grouped-convolution.js'
import {
  nodeDef,
  singleNode,
  type KernelContext,
  type KernelNodes,
  type Writers,
} from './kernel-nodes.js'
import { FLOAT, integers, NHWC, text, type NodeDef } from '../schema.js'

/** Convolutions, matrix products, and the batch norm that follows none of them. */
export const WEIGHTED: Writers<Convolution | MatrixProduct | BatchNorm> = {
  conv2d: (kernel, operator, context) =>
    (operator.groups ?? 1) > 1
      ? groupedConvolution(kernel, operator, context)
      : fused(kernel, '_FusedConv2D', context, windowAttributes(operator.window)),
  depthwise_conv2d: (kernel, { window }, context) =>
    fused(kernel, 'FusedDepthwiseConv2dNative', context, windowAttributes(window)),
  conv3d,
  transpose_conv2d: transposedConvolution,
  dense,
  matmul: (kernel, { transposeB }, context) =>
    singleNode(kernel, context, 'BatchMatMulV2', {
      T: FLOAT,
      adj_x: { b: false },
      adj_y: { b: transposeB },
    }),
  batch_norm: batchNorm,
}

/** TensorFlow.js fuses nothing into a convolution of volumes: its bias is a node. */
function conv3d(
  kernel: Kernel,
  { window: { strides, padding, dilations = [1, 1, 1] } }: Conv3d,
  context: KernelContext,
): KernelNodes {
  const [filter, bias] = weightConstants(kernel, context) as [Weight, Weight?]
  const input = [...context.inputs, filter.name]
  const attr = {
    T: FLOAT,
    strides: integers([1, ...strides, 1]),
    padding: text(padding.toUpperCase()),
    data_format: text('NDHWC'),
    dilations: integers([1, ...dilations, 1]),
  }
  const nodes = withBias(kernel, context, { op: 'Conv3D', input, attr }, bias)
  return { nodes, constants: bias ? [filter, bias] : [filter] }
}

/** A matrix multiplication. An input of several axes is reshaped to a matrix of rows, and back. */
function dense(kernel: Kernel, _operator: Dense, context: KernelContext): KernelNodes {
  const attributes = { transpose_a: { b: false }, transpose_b: { b: false } }
  const { name, shape } = kernel
  if (shape.length === 1) return fused(kernel, '_FusedMatMul', context, attributes)
  const { inputs, inputShapes, partName } = context
  const [before, after] = integerArguments(name, partName, {
    rows: [-1, inputShapes[0][shape.length - 1]],
    shape: [1, ...shape],
  })
  const input = partName(name, 'input')
  const rows = nodeDef(input, 'Reshape', [inputs[0], before.name], { T: FLOAT })
  const matrix = { ...kernel, name: partName(name, 'matrix') }
  const onRows = { ...context, inputs: [input] }
  const { nodes, constants } = fused(matrix, '_FusedMatMul', onRows, attributes)
  const back = nodeDef(name, 'Reshape', [matrix.name, after.name], { T: FLOAT })
  return { nodes: [rows, ...nodes, back], constants: [...constants, before, after] }
}

/** A batch norm that follows no convolution: its statistics are folded into its scale and shift. */
function batchNorm(kernel: Kernel, _operator: BatchNorm, context: KernelContext): KernelNodes {
  const { name, shape } = kernel
  const { inputs, partName } = context
  const statistic = (of: string, value: number): Constant => ({
    name: partName(name, of),
    kind: 'argument',
    dtype: 'float32',
    values: new Array<number>(shape[shape.length - 1]).fill(value),
    shape: shape.slice(-1),
  })
  const constants = [
    ...weightConstants({ ...kernel, bias: true }, context),
    statistic('mean', 0),
    statistic('variance', 1),
  ]
  const input = [...inputs, ...constants.map((constant) => constant.name)]
  const attr = {
    T: FLOAT,
    U: FLOAT,
    data_format: NHWC,
    epsilon: { f: 0 },
    is_training: { b: false },
  }
  return { nodes: [nodeDef(name, 'FusedBatchNormV3', input, attr)], constants }
}

function transposedConvolution(
  kernel: Kernel,
  { window }: TransposeConv2d,
  context: KernelContext,
): KernelNodes {
  const { name, shape } = kernel
  const { inputs, partName } = context
  const [size] = integerArguments(name, partName, { input_sizes: [1, ...shape] })
  const [filter, bias] = weightConstants(kernel, context) as [Weight, Weight?]
  const input = [size.name, filter.name, ...inputs]
  const attr = { T: FLOAT, ...windowAttributes(window) }
  const nodes = withBias(kernel, context, { op: 'Conv2DBackpropInput', input, attr }, bias)
  return { nodes, constants: bias ? [size, filter, bias] : [size, filter] }
}

/** A node, and the sum of it and the bias, if there is one. */
function withBias(
  { name }: Kernel,
  { partName }: KernelContext,
  { op, input, attr }: Required<Omit<NodeDef, 'name'>>,
  bias: Weight | undefined,
): NodeDef[] {
  if (!bias) return [nodeDef(name, op, input, attr)]
  const product = nodeDef(partName(name, 'product'), op, input, attr)
  const sum = nodeDef(name, 'BiasAdd', [product.name, bias.name], { T: FLOAT, data_format: NHWC })
  return [product, sum]
}

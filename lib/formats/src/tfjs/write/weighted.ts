import {
  filterShape,
  type DilatedWindow,
  type Kernel,
  type Shape,
  type Window,
} from '@leti/network'
import { integerArguments, type Constant, type Weight } from './constant.js'
import { nodeDef, type Attributes, type KernelContext, type KernelNodes } from './kernel-nodes.js'
import { FLOAT, NHWC, integer, integers, text, texts } from '../schema.js'

/** The filter and the bias, if any. */
function weightConstants(
  { name, operator, bias, shape }: Kernel,
  { inputShapes, partName }: KernelContext,
): Weight[] {
  const filter = filterShape(operator, inputShapes[0]) as Shape
  const constants: Weight[] = [{ name: partName(name, 'filter'), kind: 'filter', shape: filter }]
  if (bias) constants.push({ name: partName(name, 'bias'), kind: 'bias', shape: shape.slice(-1) })
  return constants
}

const RELUS = { relu: 'Relu', relu6: 'Relu6' } as const

/** A node with weights; its bias and activation are fused into it. */
export function fused(
  kernel: Kernel,
  op: string,
  context: KernelContext,
  attributes: Attributes,
): KernelNodes {
  const { name, bias, activation } = kernel
  const follower = activation && RELUS[activation]
  if (follower && !bias) {
    // TensorFlow.js assumes that the first fused operator is the bias.
    const alone = { ...kernel, name: context.partName(name, 'product'), activation: undefined }
    const product = fused(alone, op, context, attributes)
    const relu = nodeDef(name, follower, [alone.name], { T: FLOAT })
    return { ...product, nodes: [...product.nodes, relu] }
  }
  const constants = weightConstants(kernel, context)
  const attr = {
    T: FLOAT,
    ...attributes,
    fused_ops: texts([...(bias ? ['BiasAdd'] : []), ...(follower ? [follower] : [])]),
    num_args: integer(constants.length - 1),
    epsilon: { f: 0 },
  }
  const input = [...context.inputs, ...constants.map((constant) => constant.name)]
  return { nodes: [nodeDef(name, op, input, attr)], constants }
}

/** A matrix multiplication. An input of several axes is reshaped to a matrix of rows, and back. */
export function dense(kernel: Kernel, context: KernelContext): KernelNodes {
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
export function batchNorm(kernel: Kernel, context: KernelContext): KernelNodes {
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

export function transposedConvolution(
  kernel: Kernel,
  window: Window,
  context: KernelContext,
): KernelNodes {
  const { name, shape } = kernel
  const { inputs, partName } = context
  const [size] = integerArguments(name, partName, { input_sizes: [1, ...shape] })
  const [filter, bias] = weightConstants(kernel, context) as [Weight, Weight?]
  const input = [size.name, filter.name, ...inputs]
  const attr = { T: FLOAT, ...windowAttributes(window) }
  const op = 'Conv2DBackpropInput'
  if (!bias) return { nodes: [nodeDef(name, op, input, attr)], constants: [size, filter] }
  const product = nodeDef(partName(name, 'product'), op, input, attr)
  const sum = nodeDef(name, 'BiasAdd', [product.name, bias.name], { T: FLOAT, data_format: NHWC })
  return { nodes: [product, sum], constants: [size, filter, bias] }
}

export function windowAttributes({
  strides,
  padding,
  dilations = [1, 1],
}: DilatedWindow): Attributes {
  return {
    strides: integers([1, ...strides, 1]),
    padding: text(padding.toUpperCase()),
    data_format: NHWC,
    dilations: integers([1, ...dilations, 1]),
    explicit_paddings: { list: {} },
  }
}

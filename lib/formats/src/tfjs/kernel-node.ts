import type { Kernel, Shape, Window } from '@leti/network'
import { LetiError } from '@leti/records'
import {
  FLOAT,
  INT32,
  NHWC,
  integer,
  integers,
  tensorShape,
  text,
  texts,
  type Attribute,
  type NodeDef,
} from './node-def.js'

/** A constant that a node reads: a weight tensor, or a small integer argument. */
export type Constant =
  | { readonly name: string; readonly kind: 'filter' | 'bias'; readonly shape: readonly number[] }
  | { readonly name: string; readonly kind: 'argument'; readonly values: readonly number[] }

export interface KernelNode {
  readonly node: NodeDef
  readonly constants: readonly Constant[]
}

/**
 * The graph node that runs a kernel, and the constants that it reads, as the TensorFlow.js converter
 * emits them after its optimisation for inference.
 *
 * @param inputs names of the nodes of the kernel's inputs
 * @param inputShapes their shapes, without batch
 * @throws {LetiError} `unsupported`
 */
export function kernelNode(
  kernel: Kernel,
  inputs: readonly string[],
  inputShapes: readonly Shape[],
): KernelNode {
  const { operator, name } = kernel
  switch (operator.type) {
    case 'input':
      return plain(kernel, 'Placeholder', [], {
        dtype: FLOAT,
        shape: { shape: tensorShape([1, ...operator.shape]) },
      })
    case 'conv2d': {
      if (operator.groups !== undefined && operator.groups > 1) {
        throw new LetiError('unsupported', `${name}: TensorFlow.js has no grouped convolution`)
      }
      const shape = [...operator.window.size, inputShapes[0][2], operator.filters]
      return fused(kernel, '_FusedConv2D', inputs, shape, windowAttributes(operator.window))
    }
    case 'depthwise_conv2d': {
      const shape = [...operator.window.size, inputShapes[0][2], 1]
      const attributes = windowAttributes(operator.window)
      return fused(kernel, 'FusedDepthwiseConv2dNative', inputs, shape, attributes)
    }
    case 'dense':
      return fused(kernel, '_FusedMatMul', inputs, [inputShapes[0][0], operator.units], {
        transpose_a: { b: false },
        transpose_b: { b: false },
      })
    case 'max_pool':
    case 'avg_pool': {
      const { size, strides, padding } = operator.window
      return plain(kernel, operator.type === 'max_pool' ? 'MaxPool' : 'AvgPool', inputs, {
        T: FLOAT,
        ksize: integers([1, ...size, 1]),
        strides: integers([1, ...strides, 1]),
        padding: text(padding.toUpperCase()),
        data_format: NHWC,
        explicit_paddings: { list: {} },
      })
    }
    case 'global_avg_pool':
      return withArguments(kernel, 'Mean', inputs, { axes: [1, 2] }, { keep_dims: { b: false } })
    case 'add':
      return inputs.length === 2
        ? plain(kernel, 'AddV2', inputs, { T: FLOAT })
        : plain(kernel, 'AddN', inputs, { T: FLOAT, N: integer(inputs.length) })
    case 'concat':
      return withArguments(kernel, 'ConcatV2', inputs, { axis: [3] }, { N: integer(inputs.length) })
    case 'truncate': {
      const range = { begin: [0, 0, 0, 0], size: [-1, -1, -1, operator.channels] }
      return withArguments(kernel, 'Slice', inputs, range, {})
    }
    case 'relu':
      return plain(kernel, 'Relu', inputs, { T: FLOAT })
    case 'channel_shuffle':
    case 'zeros':
      throw new LetiError('unsupported', `${name}: ${operator.type}`)
    case 'batch_norm':
      throw new LetiError('unsupported', `${name}: a batch norm that follows no convolution`)
  }
}

function plain(
  { name }: Kernel,
  op: string,
  input: readonly string[],
  attr: NodeDef['attr'],
): KernelNode {
  return { node: { name, op, ...(input.length && { input }), attr }, constants: [] }
}

/** A node with weights, its bias and activation fused in. */
function fused(
  kernel: Kernel,
  op: string,
  inputs: readonly string[],
  filterShape: readonly number[],
  attributes: NodeDef['attr'],
): KernelNode {
  const { name, shape, bias, activation } = kernel
  const constants: Constant[] = [{ name: `${name}/filter`, kind: 'filter', shape: filterShape }]
  if (bias) constants.push({ name: `${name}/bias`, kind: 'bias', shape: shape.slice(-1) })
  const followers = [...(bias ? ['BiasAdd'] : []), ...(activation ? ['Relu'] : [])]
  const attr = {
    T: FLOAT,
    ...attributes,
    fused_ops: texts(followers),
    num_args: integer(constants.length - 1),
    epsilon: { f: 0 },
  }
  const input = [...inputs, ...constants.map((constant) => constant.name)]
  return { node: { name, op, input, attr }, constants }
}

/** A node whose integer arguments are constants of the graph. */
function withArguments(
  { name }: Kernel,
  op: string,
  inputs: readonly string[],
  args: Readonly<Record<string, readonly number[]>>,
  attributes: Readonly<Record<string, Attribute>>,
): KernelNode {
  const constants = Object.entries(args).map(([argument, values]): Constant => ({
    name: `${name}/${argument}`,
    kind: 'argument',
    values,
  }))
  const input = [...inputs, ...constants.map((constant) => constant.name)]
  const attr = { T: FLOAT, Tidx: INT32, ...attributes }
  return { node: { name, op, input, attr }, constants }
}

function windowAttributes({ strides, padding }: Window): NodeDef['attr'] {
  return {
    strides: integers([1, ...strides, 1]),
    padding: text(padding.toUpperCase()),
    data_format: NHWC,
    dilations: integers([1, 1, 1, 1]),
    explicit_paddings: { list: {} },
  }
}

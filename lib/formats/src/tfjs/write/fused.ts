import { filterShape, type DilatedWindow, type Kernel, type Shape } from '@leti/network'
import type { Weight } from './constant.js'
import { nodeDef, type Attributes, type KernelContext, type KernelNodes } from './kernel-nodes.js'
import { FLOAT, NHWC, integer, integers, text, texts } from '../schema.js'

/** The filter and the bias, if any. */
export function weightConstants(
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

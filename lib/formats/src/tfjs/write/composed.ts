import type { Kernel, Operator, OperatorOf } from '@leti/network'
import type { AbsentFunction } from '../elementwise.js'
import { scalar } from './constant.js'
import { nodeDef, type KernelContext, type KernelNodes, type KernelWriter } from './kernel-nodes.js'
import { FLOAT } from '../schema.js'

/** Functions for which TensorFlow.js has no operator, composed of other operators. */
export const COMPOSED: Readonly<Record<AbsentFunction, KernelWriter>> = {
  relu_n1_to_1: reluN1To1,
  hard_swish: hardSwish,
  gelu,
}

function reluN1To1(kernel: Kernel, _operator: Operator, context: KernelContext): KernelNodes {
  return clip(kernel, { type: 'clip', min: -1, max: 1 }, context)
}

/** A single bound becomes a maximum or a minimum, so that no shader gets an infinite constant. */
export function clip(
  { name }: Kernel,
  { min, max }: OperatorOf<'clip'>,
  { inputs, partName }: KernelContext,
): KernelNodes {
  const limits = Object.entries({ min, max }).flatMap(([bound, value]) =>
    value === undefined ? [] : [scalar(partName(name, bound), value)],
  )
  const op = min === undefined ? 'Minimum' : max === undefined ? 'Maximum' : 'ClipByValue'
  const read = [...inputs, ...limits.map((limit) => limit.name)]
  return { nodes: [nodeDef(name, op, read, { T: FLOAT })], constants: limits }
}

/** x * relu6(x + 3) / 6, as Keras writes it. */
function hardSwish(
  { name }: Kernel,
  _operator: Operator,
  { inputs: [input], partName }: KernelContext,
): KernelNodes {
  const three = scalar(partName(name, 'three'), 3)
  const sixth = scalar(partName(name, 'sixth'), 1 / 6)
  const [shifted, gate, scaled] = ['shifted', 'gate', 'scaled'].map((part) => partName(name, part))
  const attr = { T: FLOAT }
  return {
    nodes: [
      nodeDef(shifted, 'AddV2', [input, three.name], attr),
      nodeDef(gate, 'Relu6', [shifted], attr),
      nodeDef(scaled, 'Mul', [gate, sixth.name], attr),
      nodeDef(name, 'Mul', [input, scaled], attr),
    ],
    constants: [three, sixth],
  }
}

/** x / 2 * (1 + erf(x / sqrt(2))), as Keras writes it. */
function gelu(
  { name }: Kernel,
  _operator: Operator,
  { inputs: [input], partName }: KernelContext,
): KernelNodes {
  const half = scalar(partName(name, 'half'), 0.5)
  const root = scalar(partName(name, 'root'), Math.SQRT1_2)
  const one = scalar(partName(name, 'one'), 1)
  const parts = ['halved', 'scaled', 'erf', 'gate'].map((part) => partName(name, part))
  const [halved, scaled, erf, gate] = parts
  const attr = { T: FLOAT }
  return {
    nodes: [
      nodeDef(halved, 'Mul', [input, half.name], attr),
      nodeDef(scaled, 'Mul', [input, root.name], attr),
      nodeDef(erf, 'Erf', [scaled], attr),
      nodeDef(gate, 'AddV2', [erf, one.name], attr),
      nodeDef(name, 'Mul', [halved, gate], attr),
    ],
    constants: [half, root, one],
  }
}

import type { Kernel, Operator } from '@leti/network'
import { scalar } from './constant.js'
import { nodeDef, type KernelContext, type KernelNodes } from './kernel-nodes.js'
import { FLOAT } from '../schema.js'

// Functions that TensorFlow.js lacks, composed of operators that it has.

/** x * relu6(x + 3) / 6, as Keras writes it. */
export function hardSwish(
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
export function gelu(
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

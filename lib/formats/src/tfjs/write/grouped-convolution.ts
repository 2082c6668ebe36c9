import type { Conv2d, Kernel } from '@leti/network'
import { integerArguments, type Constant } from './constant.js'
import { FLOAT, INT32, integer } from '../schema.js'
import { nodeDef, type KernelContext, type KernelNodes } from './kernel-nodes.js'
import { fused, windowAttributes } from './fused.js'

/**
 * TensorFlow.js has no grouped convolution. Each group of channels is sliced off and convolved with its
 * bias and activation; the results are concatenated.
 */
export function groupedConvolution(
  kernel: Kernel,
  operator: Conv2d,
  context: KernelContext,
): KernelNodes {
  const { name, shape } = kernel
  const { inputs, partName } = context
  const [input] = context.inputShapes
  const { groups = 1, filters, window } = operator
  const channels = input[2] / groups
  const each = filters / groups
  const parts = Array.from({ length: groups }, (_, group): KernelNodes => {
    const part = partName(name, `group${group}`)
    const range = integerArguments(part, partName, {
      begin: [0, 0, 0, group * channels],
      size: [-1, -1, -1, channels],
    })
    const cut = nodeDef(
      partName(part, 'input'),
      'Slice',
      [...inputs, ...range.map((of) => of.name)],
      {
        T: FLOAT,
        Index: INT32,
      },
    )
    const alone: Kernel = {
      ...kernel,
      name: part,
      operator: { ...operator, filters: each, groups: 1 },
      shape: shape.with(-1, each),
    }
    const ofPart = { ...context, inputs: [cut.name], inputShapes: [input.with(-1, channels)] }
    const { nodes, constants } = fused(alone, '_FusedConv2D', ofPart, windowAttributes(window))
    return { nodes: [cut, ...nodes], constants: [...range, ...ofGroup(constants, group, groups)] }
  })
  const [axis] = integerArguments(name, partName, { axis: [3] })
  const names = parts.map((_, group) => partName(name, `group${group}`))
  const attr = { T: FLOAT, Tidx: INT32, N: integer(groups) }
  const joined = nodeDef(name, 'ConcatV2', [...names, axis.name], attr)
  return {
    nodes: [...parts.flatMap(({ nodes }) => nodes), joined],
    constants: [...parts.flatMap(({ constants }) => constants), axis],
  }
}

/** Writes one group, with its part of the kernel's weights. */
function ofGroup(constants: readonly Constant[], group: number, groups: number): Constant[] {
  return constants.map((constant) =>
    constant.kind === 'argument' ? constant : { ...constant, part: { index: group, of: groups } },
  )
}

import type { Kernel } from '@leti/network'
import type { Constant, Weight } from './constant.js'
import type { KernelNodes } from './kernel-nodes.js'

/** The nodes of each kernel, where those that share the weights of an earlier kernel read its constants. */
export function withSharedWeights(
  kernels: readonly Kernel[],
  built: readonly KernelNodes[],
): readonly KernelNodes[] {
  const indexOf = new Map(kernels.map(({ name }, index) => [name, index]))
  return built.map((own, index) => {
    const holder = indexOf.get(kernels[index].sharesWeights ?? '')
    return holder === undefined ? own : reading(own, built[holder].constants)
  })
}

function reading({ nodes, constants }: KernelNodes, held: readonly Constant[]): KernelNodes {
  const weights = new Map(held.filter(isWeight).map((weight) => [keyOf(weight), weight.name]))
  const names = new Map<string, string>()
  for (const weight of constants.filter(isWeight)) {
    const name = weights.get(keyOf(weight))
    if (name !== undefined) names.set(weight.name, name)
  }
  return {
    nodes: nodes.map((node) => ({
      ...node,
      ...(node.input && { input: node.input.map((name) => names.get(name) ?? name) }),
    })),
    constants: constants.filter(({ name }) => !names.has(name)),
  }
}

function isWeight(constant: Constant): constant is Weight {
  return constant.kind !== 'argument'
}

function keyOf({ kind, part, shape }: Weight): string {
  return [kind, part?.index, part?.of, ...shape].join()
}

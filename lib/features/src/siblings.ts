import { elements, type Kernel } from '@leti/network'
import { kernelFeatureName, type Features } from '@leti/records'

/** Kinds of siblings: 1x1 convolutions, convolutions with larger windows, and pools. */
const GROUPS = ['pointwise', 'window', 'pool'] as const

type Group = (typeof GROUPS)[number]

/**
 * Counts siblings: kernels that read the same tensor as an earlier kernel with the same operator, window
 * and output shape. A ReLU in between is skipped. Siblings may cost less than alone: some runtimes merge
 * them (TensorRT's horizontal fusion), and the tensor may still be in a cache.
 */
export function siblingFeatures(kernels: readonly Kernel[]): Features {
  const counts: Record<Group, number> = { pointwise: 0, window: 0, pool: 0 }
  const seen = new Set<string>()
  for (const kernel of kernels) {
    const group = groupOf(kernel)
    if (!group) continue
    const key = `${sourceOf(kernels, kernel)} ${keyOf(kernel)}`
    if (seen.has(key)) counts[group]++
    else seen.add(key)
  }
  return Object.fromEntries(
    GROUPS.map((group) => [kernelFeatureName('sibling', group, 'count'), counts[group]]),
  )
}

function groupOf({ operator }: Kernel): Group | undefined {
  if (!('window' in operator)) return undefined
  if (operator.type === 'max_pool' || operator.type === 'avg_pool') return 'pool'
  return elements(operator.window.size) === 1 ? 'pointwise' : 'window'
}

/** Kernels with equal keys differ in their weights only. */
function keyOf({ operator, shape }: Kernel): string {
  const size = 'window' in operator ? operator.window.size.join('x') : ''
  return `${operator.type} ${size} ${shape.join('x')}`
}

/** The kernel whose output is read; ReLUs are skipped. */
function sourceOf(kernels: readonly Kernel[], kernel: Kernel): number {
  let source = kernel.inputs[0]
  while (kernels[source].operator.type === 'relu') source = kernels[source].inputs[0]
  return source
}

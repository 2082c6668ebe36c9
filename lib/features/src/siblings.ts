import type { Kernel } from '@leti/network'
import { kernelFeatureName, type Features } from '@leti/records'

/** Kernels that merge with their like: convolutions of one element, of more, and pools. */
const GROUPS = ['pointwise', 'window', 'pool'] as const

type Group = (typeof GROUPS)[number]

/**
 * How many kernels read a tensor that an earlier kernel of the same operator and shape reads as well,
 * past activations in between. Such siblings need not cost what they cost alone: optimising runtimes
 * merge them into one kernel (TensorRT's horizontal fusion), and caches still hold what they read.
 */
export function siblingFeatures(kernels: readonly Kernel[]): Features {
  const counts: Record<Group, number> = { pointwise: 0, window: 0, pool: 0 }
  const seen = new Set<string>()
  for (const kernel of kernels) {
    const group = groupOf(kernel)
    if (!group) continue
    const key = `${sourceOf(kernels, kernel)} ${likenessOf(kernel)}`
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
  const [height, width] = operator.window.size
  return height * width === 1 ? 'pointwise' : 'window'
}

/** Kernels with the same text do the same to what they read, but for their weights. */
function likenessOf({ operator, shape }: Kernel): string {
  const size = 'window' in operator ? operator.window.size.join('x') : ''
  return `${operator.type} ${size} ${shape.join('x')}`
}

/** The kernel whose output is read, past activations. */
function sourceOf(kernels: readonly Kernel[], kernel: Kernel): number {
  let source = kernel.inputs[0]
  while (kernels[source].operator.type === 'relu') source = kernels[source].inputs[0]
  return source
}

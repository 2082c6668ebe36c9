import { elements, type Kernel } from '@leti/network'
import { kernelFeatureName, type Features } from '@leti/records'

/** Kinds of siblings: 1x1 convolutions, convolutions with larger windows, and pools. */
const GROUPS = ['pointwise', 'window', 'pool'] as const

/** The names of the features of siblings, in the order of `siblingNumbers`. */
export const SIBLING_NAMES: readonly string[] = GROUPS.map((group) =>
  kernelFeatureName('sibling', group, 'count'),
)

/** What decides whether a kernel has siblings. */
export interface Sibling {
  /** Index in `GROUPS`. */
  readonly group: number
  /** The kernel whose output is read: the same for siblings. */
  readonly source: number
  /** All of the kernel but its weights: equal for siblings. */
  readonly key: string
}

/**
 * Counts siblings: kernels that read the same tensor as an earlier kernel with the same operator, window
 * and output shape. A ReLU in between is skipped. Siblings may cost less than alone: some runtimes merge
 * them (TensorRT's horizontal fusion), and the tensor may still be in a cache.
 */
export function siblingFeatures(kernels: readonly Kernel[]): Features {
  const numbers = [0, 0, 0]
  const seen = new Set<string>()
  for (const kernel of kernels) {
    const sibling = siblingOf(kernel, kernels)
    if (!sibling) continue
    const key = `${sibling.source} ${sibling.key}`
    if (seen.has(key)) numbers[sibling.group]++
    else seen.add(key)
  }
  return Object.fromEntries(SIBLING_NAMES.map((name, index) => [name, numbers[index]]))
}

/** Undefined for a kernel without a window: none is counted as a sibling. */
export function siblingOf(kernel: Kernel, kernels: readonly Kernel[]): Sibling | undefined {
  const group = groupOf(kernel)
  if (group < 0) return undefined
  return { group, source: sourceOf(kernels, kernel), key: keyOf(kernel) }
}

function groupOf({ operator }: Kernel): number {
  if (!('window' in operator)) return -1
  if (operator.type === 'max_pool' || operator.type === 'avg_pool') return GROUPS.indexOf('pool')
  return GROUPS.indexOf(elements(operator.window.size) === 1 ? 'pointwise' : 'window')
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

import type { ParsedFeatureName } from '@leti/records'

/** Operators whose kernels do most of a network's work. */
const WORK: ReadonlySet<string | undefined> = new Set([
  'conv2d',
  'depthwise_conv2d',
  'max_pool',
  'avg_pool',
  'add',
  'concat',
])

/** Whether the feature counts kernels that do a considerable part of the work. */
export function isWorkCount({ operator, quantity }: ParsedFeatureName): boolean {
  return quantity === 'count' && WORK.has(operator)
}

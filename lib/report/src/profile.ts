import type { KernelTime } from '@leti/records'
import type { KernelRow, StageRow } from './data.js'

/** Vectors, and what rearranges numbers. */
const OTHERS = 'other shapes'

/** The time of all kernels of each name. */
export function kernelTimes(kernels: readonly KernelTime[] = []): Omit<KernelRow, 'row'>[] {
  const sums = new Map<string, number>()
  for (const { name, ms } of kernels) sums.set(name, (sums.get(name) ?? 0) + ms)
  return [...sums].map(([kernel, ms]) => ({ kernel, ms }))
}

/**
 * The time at each size of the feature maps, which are what convolutions and pools write. Nothing if the runtime states
 * no shapes.
 */
export function stageTimes(kernels: readonly KernelTime[] = []): Omit<StageRow, 'row'>[] {
  const maps = new Set(kernels.filter(({ name }) => /conv|pool/i.test(name)).map(sizeOf))
  const sums = new Map<string, { area: number; ms: number }>()
  for (const kernel of kernels) {
    if (!kernel.output_shape) continue
    const size = sizeOf(kernel)
    const isMap = size !== undefined && maps.has(size)
    const stage = isMap ? size : OTHERS
    const [, height, width] = kernel.output_shape
    const known = sums.get(stage) ?? { area: isMap ? height * width : 0, ms: 0 }
    sums.set(stage, { ...known, ms: known.ms + kernel.ms })
  }
  return [...sums].map(([stage, { area, ms }]) => ({ stage, area, ms }))
}

/** Channels are last: batch, height, width, channels. */
function sizeOf({ output_shape: shape }: KernelTime): string | undefined {
  return shape?.length === 4 ? `${shape[1]}×${shape[2]}` : undefined
}

import type { KernelTime } from '@leti/records'
import type { KernelRow, StageRow } from './data.js'

/** What has no height and width. */
const VECTORS = 'vectors'

/** The time of all kernels of each name. */
export function kernelTimes(kernels: readonly KernelTime[] = []): Omit<KernelRow, 'row'>[] {
  const sums = new Map<string, number>()
  for (const { name, ms } of kernels) sums.set(name, (sums.get(name) ?? 0) + ms)
  return [...sums].map(([kernel, ms]) => ({ kernel, ms }))
}

/** The time at each size of the feature maps; nothing if the runtime states no shapes. */
export function stageTimes(kernels: readonly KernelTime[] = []): Omit<StageRow, 'row'>[] {
  const sums = new Map<string, { area: number; ms: number }>()
  for (const { output_shape: shape, ms } of kernels) {
    if (!shape) continue
    // Channels last: batch, height, width, channels.
    const [, height, width] = shape
    const isMap = shape.length === 4
    const stage = isMap ? `${height}×${width}` : VECTORS
    const known = sums.get(stage) ?? { area: isMap ? height * width : 0, ms: 0 }
    sums.set(stage, { ...known, ms: known.ms + ms })
  }
  return [...sums].map(([stage, { area, ms }]) => ({ stage, area, ms }))
}

import type { KernelTime } from '@leti/records'

/**
 * What runtimes call the kernels that tables tell apart: TensorFlow.js (`FusedConv2D`, `_FusedMatMul`),
 * TFLite (`CONV_2D`, `FULLY_CONNECTED`). The first pattern that fits counts.
 */
const FAMILIES = [
  ['depthwise_conv2d', /depthwise/],
  ['conv2d', /conv/],
  ['max_pool', /max_?pool/],
  ['avg_pool', /(avg|average)_?pool/],
  ['concat', /concat/],
  ['dense', /matmul|fully_?connected/],
  ['add', /^add/],
] as const

export type Family = (typeof FAMILIES)[number][0]

/** The ms that kernels of each family take together; those of no family are left out. */
export type FamilyTimes = Readonly<Partial<Record<Family, number>>>

export const FAMILY_NAMES: readonly Family[] = FAMILIES.map(([family]) => family)

/** Sums a profile, such as `device-run --profile` gives, by family. */
export function familyTimes(kernels: readonly KernelTime[]): FamilyTimes {
  const times: Partial<Record<Family, number>> = {}
  for (const { name, ms } of kernels) {
    const found = FAMILIES.find(([, pattern]) => pattern.test(name.toLowerCase()))
    if (found) times[found[0]] = (times[found[0]] ?? 0) + ms
  }
  return times
}

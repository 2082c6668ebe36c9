import type { KernelTime } from '@leti/records'

/**
 * The operators that profiles tell apart, with a pattern for the names that runtimes give their kernels:
 * TensorFlow.js (`FusedConv2D`, `_FusedMatMul`) and TFLite (`CONV_2D`, `FULLY_CONNECTED`). The first
 * pattern that matches counts.
 */
const PATTERNS = [
  ['depthwise_conv2d', /depthwise/],
  ['conv2d', /conv/],
  ['max_pool', /max_?pool/],
  ['avg_pool', /(avg|average)_?pool/],
  ['concat', /concat/],
  ['dense', /matmul|fully_?connected/],
  ['add', /^add/],
] as const

export type ProfiledOperator = (typeof PATTERNS)[number][0]

/** Milliseconds of all kernels of each operator. */
export type OperatorTimes = Readonly<Partial<Record<ProfiledOperator, number>>>

export const PROFILED_OPERATORS: readonly ProfiledOperator[] = PATTERNS.map(([name]) => name)

/** Sums a profile (`device-run --profile`) by operator. Kernels of other operators are left out. */
export function operatorTimes(kernels: readonly KernelTime[]): OperatorTimes {
  const times: Partial<Record<ProfiledOperator, number>> = {}
  for (const { name, ms } of kernels) {
    const found = PATTERNS.find(([, pattern]) => pattern.test(name.toLowerCase()))
    if (found) times[found[0]] = (times[found[0]] ?? 0) + ms
  }
  return times
}

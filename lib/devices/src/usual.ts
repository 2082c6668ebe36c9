/** How a network is measured unless it is told otherwise. The tools show these numbers in their help. */
export const USUAL = {
  /** Half-width of the median's 95% confidence interval, relative to the median. */
  precision: 0.02,
  /** Longest time to repeat one network, in seconds. */
  maxSeconds: 10,
  /** Longest time for one network, in seconds. */
  timeout: 120,
} as const

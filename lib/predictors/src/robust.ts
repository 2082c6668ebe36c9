import { median } from './linear-algebra.js'

/** A normal distribution's standard deviation, in median absolute deviations. */
const DEVIATION = 1.4826

/** Huber's bound, in standard deviations: 95% as efficient as least squares where errors are normal. */
export const HUBER = 1.345

/** The standard deviation of errors around 0, of which fewer than half may be plainly wrong. */
export function robustScale(errors: ArrayLike<number>): number {
  return DEVIATION * median(Float64Array.from(errors, Math.abs))
}

import { median } from './linear-algebra.js'

/** The standard deviation of a normal distribution in units of its median absolute deviation. */
const DEVIATION = 1.4826

/** Huber's bound in standard deviations: 95% as efficient as least squares for normal errors. */
export const HUBER = 1.345

/** A robust standard deviation of errors around 0 (MAD): up to half of them may be outliers. */
export function robustScale(errors: ArrayLike<number>): number {
  return DEVIATION * median(Float64Array.from(errors, Math.abs))
}

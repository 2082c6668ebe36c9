import { LetiError, type Schema, type Static } from '@leti/records'
import { median, type Matrix } from '../linear-algebra.js'

export const LEVERAGE = {
  type: 'object',
  description: 'What the expected error of an estimate depends on. Absent in old files.',
  required: ['share', 'factor'],
  properties: {
    share: {
      type: 'number',
      minimum: 0,
      description:
        'The part of the variance of the error that is proportional to the leverage, in a usual training network.',
    },
    factor: {
      type: 'array',
      items: { type: 'array', items: { type: 'number' } },
      description:
        'The Cholesky factor of the inverse covariance of the intercept and the weights, for which the leverage of a ' +
        'usual training network is 1. Row i has i + 1 numbers.',
    },
  },
} as const satisfies Schema

/** @throws {LetiError} `usage` if it is not that of so many columns */
export function checkLeverage({ share, factor }: Static<typeof LEVERAGE>, width: number): void {
  const fits = (row: readonly number[], i: number): boolean => row.length === i + 1 && row[i] !== 0
  if (factor.length !== width || !factor.every(fits)) {
    const rule = 'a row for the intercept and one for each of "terms": 1 number, then 2, and so on'
    throw new LetiError('usage', `"factor" must have ${rule}; the last of a row is not 0`)
  }
  if (share > 1) throw new LetiError('usage', '"share" must be at most 1')
}

/** A row of a regression that a model was fitted to. */
export interface FittedRow {
  /** Relative to the unit of the row. */
  readonly error: number
  readonly leverage: number
  /** In the fit, 0 to 1. */
  readonly weight: number
}

/** Stands for the diagonal element of a direction in which the factor is singular: nothing is known of it. */
const SINGULAR = 1e150

/** Significant digits of a number in a file. */
const DIGITS = 7

/** The largest share: there is no network whose error is 0. */
const MOST = 0.9
const STEPS = 18

/** What a row leaves to the others of its fitted value, at least: less is a rounding error. */
const LEAST_REST = 1e-6

/**
 * The leverage of a network in a ridge regression: the variance of its estimate that comes from what the training set
 * leaves open of the weights. Of networks that no training network resembles it is many times as large as usual
 * (Hoaglin and Welsch, "The Hat Matrix in Regression and ANOVA", 1978).
 */
export class Leverage {
  /** The rows of the factor, one after the other, each up to its diagonal. */
  private readonly factor: Float64Array
  private readonly solution: Float64Array

  constructor(rows: readonly (readonly number[])[]) {
    this.factor = Float64Array.from(rows.flat())
    this.solution = new Float64Array(rows.length)
  }

  /**
   * The squared length of the solution of L x = b.
   *
   * @param columns b: 1 and the standardized terms
   */
  at(columns: Float64Array): number {
    const { factor, solution } = this
    let length = 0
    for (let row = 0, at = 0; row < solution.length; row++) {
      // Two sums do not wait for each other.
      let [first, second] = [columns[row], 0]
      let column = 0
      for (; column + 1 < row; column += 2, at += 2) {
        first -= factor[at] * solution[column]
        second += factor[at + 1] * solution[column + 1]
      }
      if (column < row) first -= factor[at++] * solution[column]
      const value = (first - second) / factor[at++]
      solution[row] = value
      length += value * value
    }
    return length
  }
}

/**
 * How much of the error follows the leverage. If the model were right, the variance of the error would be that of the noise
 * times 1 plus the leverage. What the model leaves out makes it grow faster, by how much the training networks tell, each
 * as the others predict it (Allen, "The relationship between variable selection and data augmentation and a method for
 * prediction", 1974): the likeliest share is taken, for Laplace's distribution of the errors.
 *
 * @returns the share in a row whose leverage is usual, and that leverage
 */
export function shareOf(rows: readonly FittedRow[]): { share: number; usual: number } {
  const left = rows.map(({ error, leverage, weight }) => {
    const rest = Math.max(1 - weight * leverage, LEAST_REST)
    return { error: Math.abs(error) / rest, leverage: leverage / rest }
  })
  const usual = median(left.map(({ leverage }) => leverage))
  const least = Math.min(usual / (1 + usual), MOST)
  let best = { share: least, cost: Infinity }
  for (let step = 0; step <= STEPS; step++) {
    const share = least + ((MOST - least) * step) / STEPS
    let [logs, sum] = [0, 0]
    for (const { error, leverage } of left) {
      const deviation = Math.sqrt(1 - share + (share * leverage) / usual)
      logs += Math.log(deviation)
      sum += error / deviation
    }
    const cost = logs / left.length + Math.log(sum)
    if (cost < best.cost) best = { share, cost }
  }
  return { share: best.share, usual }
}

/**
 * The rows of a Cholesky factor, as files hold them.
 *
 * @param factor `size` x `size`
 * @param scale of its numbers
 */
export function rowsOf(factor: Matrix, size: number, scale: number): number[][] {
  return Array.from({ length: size }, (_, row) =>
    Array.from(factor.subarray(row * size, row * size + row + 1), (value) =>
      Number(Math.min(value * scale, SINGULAR).toPrecision(DIGITS)),
    ),
  )
}

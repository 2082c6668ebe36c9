import { ELEMENTWISE_FUNCTIONS, ELEMENTWISE_TYPES, type Operator } from '@leti/network'
import type { ComputedTensor } from './value.js'

/**
 * A clamped tensor, not in the network yet. Consecutive limits become one: some converters write a ReLU6
 * as a minimum and a maximum.
 */
export class Clip implements ComputedTensor {
  readonly shape
  readonly isPositive: boolean
  private added: number | undefined

  constructor(
    readonly name: string,
    readonly source: ComputedTensor,
    readonly low: number,
    readonly high: number,
    private readonly add: (clip: Clip) => number,
  ) {
    this.shape = source.shape
    this.isPositive = low >= 0 || (source.isPositive && high >= 0)
  }

  node(): number {
    return (this.added ??= this.add(this))
  }

  /**
   * Narrows the limits. Nothing else may read this clip.
   *
   * @returns undefined if no number lies within both limits: one clip cannot stand for both then
   */
  within(name: string, low: number, high: number): Clip | undefined {
    const limits = [Math.max(this.low, low), Math.min(this.high, high)] as const
    return limits[0] <= limits[1] ? new Clip(name, this.source, ...limits, this.add) : undefined
  }

  /** The operator with these limits: a function with fixed limits, such as ReLU6, or `clip`. */
  operator(): Operator {
    const lows = [this.low, this.source.isPositive ? Math.max(this.low, 0) : this.low]
    const fixed = ELEMENTWISE_TYPES.find((type) => {
      const { clamp } = ELEMENTWISE_FUNCTIONS[type]
      return clamp && lows.includes(clamp[0]) && clamp[1] === this.high
    })
    if (fixed) return { type: fixed }
    return {
      type: 'clip',
      ...(this.low > -Infinity && { min: this.low }),
      ...(this.high < Infinity && { max: this.high }),
    }
  }
}

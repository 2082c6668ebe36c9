import type { ElementwiseType } from '@leti/network'
import type { Activation } from './activation.js'

/** Operators that only limit their input to a range. */
export type Limiter = Extract<ElementwiseType, 'relu' | 'relu6' | 'relu_n1_to_1'>

/**
 * An activation limited to a range, not in the network yet. Limits that follow one another become one:
 * some converters write a ReLU6 as a minimum and a maximum.
 */
export class Clip implements Activation {
  readonly shape
  readonly isPositive: boolean
  private added: number | undefined

  constructor(
    readonly name: string,
    readonly source: Activation,
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

  /** Narrows the limits. Nothing else may read this clip. */
  within(name: string, low: number, high: number): Clip {
    const limits = [Math.max(this.low, low), Math.min(this.high, high)] as const
    return new Clip(name, this.source, ...limits, this.add)
  }

  /** The operator with these limits; undefined if LETI has none. */
  limiter(): Limiter | undefined {
    const low = this.source.isPositive ? Math.max(this.low, 0) : this.low
    if (low === 0 && this.high === Infinity) return 'relu'
    if (low === 0 && this.high === 6) return 'relu6'
    if (this.low === -1 && this.high === 1) return 'relu_n1_to_1'
    return undefined
  }
}

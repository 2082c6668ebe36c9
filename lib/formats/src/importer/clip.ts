import type { ElementwiseType } from '@leti/network'
import type { Activation } from './activation.js'

/** The operator that limits its input so, or undefined where LETI has none. */
export type Limiter = Extract<ElementwiseType, 'relu' | 'relu6' | 'relu_n1_to_1'>

/**
 * An activation with limits, not in the network yet: those that follow each other, as minimum and
 * maximum do where a converter has no ReLU6, become one.
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

  /** Within these limits too; the source must have no other reader. */
  within(name: string, low: number, high: number): Clip {
    const limits = [Math.max(this.low, low), Math.min(this.high, high)] as const
    return new Clip(name, this.source, ...limits, this.add)
  }

  limiter(): Limiter | undefined {
    const low = this.source.isPositive ? Math.max(this.low, 0) : this.low
    if (low === 0 && this.high === Infinity) return 'relu'
    if (low === 0 && this.high === 6) return 'relu6'
    if (this.low === -1 && this.high === 1) return 'relu_n1_to_1'
    return undefined
  }
}

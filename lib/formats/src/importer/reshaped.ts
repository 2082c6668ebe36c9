import type { Shape } from '@leti/network'
import type { ComputedTensor } from './value.js'

/** A reshaped tensor, not in the network yet: of consecutive reshapes only the last is added. */
export class Reshaped implements ComputedTensor {
  readonly isPositive: boolean
  readonly source: ComputedTensor
  private added: number | undefined

  constructor(
    readonly name: string,
    source: ComputedTensor,
    readonly shape: Shape,
    private readonly add: (reshaped: Reshaped) => number,
  ) {
    this.source = source instanceof Reshaped ? source.source : source
    this.isPositive = source.isPositive
  }

  node(): number {
    return (this.added ??= this.add(this))
  }
}

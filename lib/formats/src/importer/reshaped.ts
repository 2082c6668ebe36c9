import type { Shape } from '@leti/network'
import type { Activation } from './activation.js'

/** A reshaped activation, not in the network yet: of consecutive reshapes only the last is added. */
export class Reshaped implements Activation {
  readonly isPositive: boolean
  readonly source: Activation
  private added: number | undefined

  constructor(
    readonly name: string,
    source: Activation,
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

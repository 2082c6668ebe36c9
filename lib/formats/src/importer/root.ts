import type { Activation } from './activation.js'

/**
 * A square root, not in the network yet: a division by it, as files write a normalization, becomes a
 * multiplication by `rsqrt`.
 */
export class Root implements Activation {
  readonly shape
  readonly isPositive = true
  private added: number | undefined

  constructor(
    readonly source: Activation,
    private readonly add: () => number,
  ) {
    this.shape = source.shape
  }

  node(): number {
    return (this.added ??= this.add())
  }
}

import type { ComputedTensor } from './value.js'

/**
 * A square root, not in the network yet. A division by it, as in a normalization, becomes a multiplication
 * by `rsqrt`.
 */
export class Root implements ComputedTensor {
  readonly shape
  readonly isPositive = true
  private added: number | undefined

  constructor(
    readonly source: ComputedTensor,
    private readonly add: () => number,
  ) {
    this.shape = source.shape
  }

  node(): number {
    return (this.added ??= this.add())
  }
}

import { elements, outputAxes, type Operator, type Shape } from '@leti/network'
import type { ComputedTensor } from './value.js'
import { floatsOf, type Constant } from './constant.js'

/** A convolution or dense layer. */
export type Weighted = Extract<Operator, { readonly bias: boolean }>

/** A filter in the layout of `filterShape`. */
export interface Filter {
  readonly shape: Shape
  readonly read: () => Float32Array
  /** The stored tensor that it holds; the products of one tensor share their parameters. */
  readonly source?: Constant | undefined
}

/** A factor and a summand per channel, such as a trained batch norm. */
export interface Affine {
  readonly scale: () => Float32Array
  readonly shift: () => Float32Array
}

/** Adds the node of a product, and that of its batch norm, if any. */
type Add = (product: Product) => number

export interface ProductParts {
  readonly name: string
  readonly operator: Weighted
  /** The node that it reads. */
  readonly input: number
  /** The shape in the file; a leading axis of size 1 may be the batch. */
  readonly shape: Shape
  readonly channels: number
  readonly filter: Filter
  readonly bias?: () => Float32Array
  /** The stored tensor that the bias is. */
  readonly biasSource?: Constant | undefined
  readonly norm?: Affine
  /** How many operators have been folded in. */
  readonly folded: number
}

/** Limit on the operators folded into one product. */
const MAX_FOLDED = 8

/**
 * A convolution or dense layer, not in the network yet: biases, scales and a batch norm that follow it
 * in the file become part of it.
 */
export class Product implements ComputedTensor {
  readonly shape: Shape
  readonly isPositive = false
  private added: number | undefined

  constructor(
    readonly parts: ProductParts,
    private readonly add: Add,
  ) {
    this.shape = parts.shape
  }

  node(): number {
    return (this.added ??= this.add(this))
  }

  /** Folds in a summand; undefined if that is impossible. */
  plus(summand: Constant, sign = 1): Product | undefined {
    if (!this.canFold(summand)) return undefined
    const { operator, bias } = this.parts
    const sum = (): Float32Array => {
      const own = bias?.()
      return this.perChannel(summand).map((term, at) => sign * term + (own ? own[at] : 0))
    }
    return this.with({ operator: { ...operator, bias: true }, bias: sum })
  }

  /** Folds in a factor; undefined if that is impossible. */
  times(factor: Constant): Product | undefined {
    if (!this.canFold(factor)) return undefined
    const { filter, bias } = this.parts
    const scale = (): Float32Array => this.perChannel(factor)
    return this.with({
      filter: { ...filter, read: () => this.scaled(filter, scale()), source: undefined },
      ...(bias && {
        bias: () => {
          const factors = scale()
          return bias().map((term, at) => term * factors[at])
        },
      }),
    })
  }

  /** Folds in a batch norm; undefined if it has one already. */
  normalized(norm: Affine): Product | undefined {
    return this.parts.norm ? undefined : this.with({ norm })
  }

  /** The filter, with the batch norm folded in. */
  filter(): Float32Array {
    const { filter, norm } = this.parts
    return norm ? this.scaled(filter, norm.scale()) : filter.read()
  }

  /** The bias, with the batch norm folded in. */
  bias(): Float32Array {
    const { bias, norm, channels } = this.parts
    const own = bias?.() ?? new Float32Array(channels)
    if (!norm) return own
    const scale = norm.scale()
    return norm.shift().map((shift, at) => shift + own[at] * scale[at])
  }

  /** Whether the constant is one number, or one per channel, and no batch norm precedes it. */
  private canFold({ shape, isFloat }: Constant): boolean {
    const { norm, channels, folded } = this.parts
    const size = elements(shape)
    const isVector = size === channels && shape[shape.length - 1] === channels
    const fits = size === 1 || isVector
    return isFloat && !norm && folded < MAX_FOLDED && fits && shape.length <= this.shape.length
  }

  private perChannel(constant: Constant): Float32Array {
    const values = floatsOf(constant)
    const { channels } = this.parts
    return values.length === channels ? values : new Float32Array(channels).fill(values[0])
  }

  private scaled({ shape, read }: Filter, scale: Float32Array): Float32Array {
    const { operator, channels } = this.parts
    const last = Math.max(...outputAxes(operator.type))
    const inner = elements(shape.slice(last + 1))
    return read().map((value, at) => value * scale[Math.floor(at / inner) % channels])
  }

  private with(change: Partial<ProductParts>): Product {
    return new Product({ ...this.parts, ...change, folded: this.parts.folded + 1 }, this.add)
  }
}

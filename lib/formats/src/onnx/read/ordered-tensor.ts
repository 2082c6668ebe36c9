import { sameShape, type Shape } from '@leti/network'
import { isConstant, type Value } from '../../importer/value.js'
import type { Operation } from '../../importer/operation.js'

/**
 * A tensor of an ONNX file, and the axis order in which the network holds it. ONNX puts channels before
 * height and width, LETI after them. A transpose in the file only changes the order; elements move when
 * an operator asks for another order.
 */
export class OrderedTensor {
  /** The value in other axis orders, as they were asked for. */
  private readonly others = new Map<string, Value>()

  constructor(
    readonly value: Value,
    /** `order[i]` is the file's axis that axis `i` of the value holds. */
    readonly order: readonly number[] = value.shape.map((_, axis) => axis),
  ) {}

  /** The shape in the file. */
  get shape(): Shape {
    const shape = [...this.value.shape]
    this.order.forEach((axis, at) => (shape[axis] = this.value.shape[at]))
    return shape
  }

  /** The value with the file's axes in this order; undefined if it cannot be transposed. */
  inOrder(op: Operation, order: readonly number[]): Value | undefined {
    if (sameShape(order, this.order)) return this.value
    const key = order.join()
    const known = this.others.get(key)
    if (known) return known
    const value = this.moved(op.named('transposed'), order)
    if (value) this.others.set(key, value)
    return value
  }

  /** The value in the file's own axis order. */
  plain(op: Operation): Value | undefined {
    return this.inOrder(
      op,
      this.order.map((_, axis) => axis),
    )
  }

  /** The value with its channels, which are the file's second axis, last. */
  channelsLast(op: Operation): Value | undefined {
    return this.inOrder(op, channelsLast(this.order.length))
  }

  private moved(op: Operation, order: readonly number[]): Value | undefined {
    const { shape } = this
    const isWide = (axis: number): boolean => shape[axis] !== 1
    // If only axes of size 1 change places, no element moves.
    if (!isConstant(this.value) && sameShape(order.filter(isWide), this.order.filter(isWide))) {
      return op.reshape(
        this.value,
        order.map((axis) => shape[axis]),
      )
    }
    const permutation = order.map((axis) => this.order.indexOf(axis))
    return op.transpose(this.value, permutation)
  }
}

/** The axis order of `[batch, channels, ...]` with the channels last. */
export function channelsLast(rank: number): number[] {
  return rank < 3
    ? [0, 1].slice(0, rank)
    : [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1]
}

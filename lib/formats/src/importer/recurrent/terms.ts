import { LetiError } from '@leti/records'
import type { Constant } from '../constant.js'
import type { Operation, Result } from '../operation.js'
import type { Value } from '../value.js'

/** A function of one element. */
export type Activation = (op: Operation, value: Value) => Result

/** The weights of a dense layer. */
export interface Layer {
  /** `[inputs, units]` */
  readonly filter: Constant
  readonly bias: Constant | undefined
}

/** The operators of a recurrent layer, by the names of their results. */
export class Terms {
  constructor(private readonly op: Operation) {}

  sum(name: string, a: Value, b: Value): Value {
    return sure(this.op.named(name).binary('add', a, b))
  }

  difference(name: string, a: Value, b: Value): Value {
    return sure(this.op.named(name).binary('sub', a, b))
  }

  product(name: string, a: Value, b: Value): Value {
    return sure(this.op.named(name).binary('mul', a, b))
  }

  dense(name: string, input: Value, { filter, bias }: Layer): Value {
    return sure(this.op.named(name).dense(input, filter, bias))
  }

  activated(name: string, activation: Activation, value: Value): Value {
    return sure(activation(this.op.named(name), value))
  }

  /** Columns of a tensor `[1, rows, columns]`. */
  columns(name: string, value: Value, first: number, count: number): Value {
    const size = value.shape.with(2, count)
    return sure(this.op.named(name).slice(value, [0, 0, first], size))
  }

  /** Rows of a tensor `[1, rows, columns]`. */
  rows(name: string, value: Value, first: number, count: number): Value {
    const size = value.shape.with(1, count)
    return sure(this.op.named(name).slice(value, [0, first, 0], size))
  }
}

/** @throws {LetiError} `bad-arch` if there is no result, as for inputs that do not fit an operator */
export function sure<T>(result: T | undefined): T {
  if (result !== undefined) return result
  throw new LetiError('bad-arch', 'LETI has no equivalent of the recurrent layer')
}

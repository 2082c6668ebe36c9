import { broadcast, elements, type Shape } from '@leti/network'
import { zeros, type Constant, type Numbers } from './constant.js'
import { stridesOf } from './shapes.js'

/** Constants up to this size are computed at once and kept; larger ones at each read. */
const SMALL = 4096

/** Limit on a result that is larger than its inputs together. */
const MAX_GROWTH = 2 ** 22

/** Limit on a tensor of one number, which is made when a model is written: above the largest layer of VGG. */
const MAX_FILLED = 2 ** 27

/** Limit on the numbers computed for one file: a small hostile file could ask for any amount. */
const BUDGET = 2 ** 26

/** How often each number that a file stores may be computed with, beyond that. */
const PER_STORED = 32

/** Computes constants from constants. Results beyond the limits are undefined. */
export class Folding {
  private budget = BUDGET
  /** What reads the stored constants that have added to the budget. */
  private readonly stored = new WeakSet<Constant['read']>()
  /** Cost of reading a constant that is not kept, in numbers to compute. */
  private readonly costs = new WeakMap<Constant, number>()

  /** Picks elements. @param at maps an index of the result to an index of the input */
  taken(input: Constant, shape: Shape, at: (index: number) => number): Constant | undefined {
    return this.computed([input], shape, input.isFloat, ([values], size) => {
      const result = zeros(size, input.isFloat)
      for (let index = 0; index < size; index++) result[index] = values[at(index)]
      return result
    })
  }

  /** Applies a function to each element. */
  mapped(
    input: Constant,
    change: (value: number) => number,
    isFloat = input.isFloat,
  ): Constant | undefined {
    return this.computed([input], input.shape, isFloat, ([values]) => {
      const result = zeros(values.length, isFloat)
      values.forEach((value, index) => (result[index] = change(value)))
      return result
    })
  }

  /** Joins corresponding elements of two constants, which are broadcast. */
  paired(
    a: Constant,
    b: Constant,
    join: (a: number, b: number) => number,
    isFloat = a.isFloat,
  ): Constant | undefined {
    const shape = broadcast([a.shape, b.shape])
    if (!shape) return undefined
    const left = broadcasting(a.shape, shape)
    const right = broadcasting(b.shape, shape)
    return this.computed([a, b], shape, isFloat, ([first, second], size) => {
      const result = zeros(size, isFloat)
      for (let at = 0; at < size; at++) result[at] = join(first[left(at)], second[right(at)])
      return result
    })
  }

  /** A tensor all of whose elements are one number. */
  filled(value: number, shape: Shape, isFloat: boolean): Constant | undefined {
    const size = elements(shape)
    if (size > MAX_FILLED) return undefined
    const constant = { shape, isFloat, read: () => zeros(size, isFloat).fill(value) }
    this.costs.set(constant, Math.max(size, 1))
    return constant
  }

  expanded(input: Constant, shape: Shape): Constant | undefined {
    const full = broadcast([input.shape, shape])
    return full && this.taken(input, full, broadcasting(input.shape, full))
  }

  transposed(input: Constant, permutation: readonly number[]): Constant | undefined {
    const strides = stridesOf(input.shape)
    const shape = permutation.map((axis) => input.shape[axis])
    const at = indexing(
      shape,
      permutation.map((axis) => strides[axis]),
    )
    return this.taken(input, shape, at)
  }

  /** Takes `size` elements of each axis from `begin` on, `steps` apart. */
  sliced(
    input: Constant,
    begin: readonly number[],
    size: readonly number[],
    steps: readonly number[],
  ): Constant | undefined {
    const strides = stridesOf(input.shape)
    const first = begin.reduce((sum, index, axis) => sum + index * strides[axis], 0)
    const at = indexing(
      size,
      strides.map((stride, axis) => stride * steps[axis]),
    )
    return this.taken(input, size, (index) => first + at(index))
  }

  /** Picks indices of an axis; the axes of `shape` take its place in the result. */
  gathered(
    input: Constant,
    axis: number,
    indices: readonly number[],
    shape: Shape,
  ): Constant | undefined {
    const length = input.shape[axis]
    const found = indices.map((index) => (index < 0 ? index + length : index))
    if (!found.every((index) => Number.isInteger(index) && index >= 0 && index < length)) {
      return undefined
    }
    const inner = elements(input.shape.slice(axis + 1))
    const result = [...input.shape.slice(0, axis), ...shape, ...input.shape.slice(axis + 1)]
    const count = found.length
    return this.taken(input, result, (index) => {
      const row = Math.floor(index / inner)
      const outer = Math.floor(row / count)
      return (outer * length + found[row % count]) * inner + (index % inner)
    })
  }

  concatenated(inputs: readonly Constant[], axis: number): Constant | undefined {
    const [first] = inputs
    const fits = inputs.every(
      ({ shape }) =>
        shape.length === first.shape.length &&
        shape.every((size, at) => at === axis || size === first.shape[at]),
    )
    if (!fits) return undefined
    const shape = first.shape.with(
      axis,
      inputs.reduce((sum, input) => sum + input.shape[axis], 0),
    )
    const rows = elements(shape.slice(0, axis))
    return this.computed(inputs, shape, first.isFloat, (values, size) => {
      const result = zeros(size, first.isFloat)
      let at = 0
      for (let row = 0; row < rows; row++) {
        for (const part of values) {
          const length = part.length / rows
          result.set(part.subarray(row * length, (row + 1) * length), at)
          at += length
        }
      }
      return result
    })
  }

  reshaped(input: Constant, shape: Shape): Constant | undefined {
    if (elements(shape) !== elements(input.shape)) return undefined
    const result = { ...input, shape }
    this.costs.set(result, this.costs.get(input) ?? 0)
    return result
  }

  /** The same numbers under another name. */
  named(input: Constant, name: string): Constant {
    const result = { ...input, name }
    this.costs.set(result, this.costs.get(input) ?? 0)
    return result
  }

  /** The more numbers a file stores, the more it may compute. */
  private allowFor(input: Constant): void {
    if (this.costs.get(input) || this.stored.has(input.read)) return
    this.stored.add(input.read)
    this.budget += PER_STORED * elements(input.shape)
  }

  private computed(
    inputs: readonly Constant[],
    shape: Shape,
    isFloat: boolean,
    compute: (values: readonly Numbers[], size: number) => Numbers,
  ): Constant | undefined {
    const size = elements(shape)
    const read = inputs.reduce((sum, input) => sum + elements(input.shape), 0)
    if (size > Math.max(read, MAX_GROWTH)) return undefined
    const cost = inputs.reduce((sum, input) => sum + (this.costs.get(input) ?? 0), size + read)
    for (const input of inputs) this.allowFor(input)
    this.budget -= cost
    if (this.budget < 0) return undefined
    const run = (): Numbers =>
      compute(
        inputs.map((input) => input.read()),
        size,
      )
    if (size <= SMALL && read <= SMALL) {
      const values = run()
      return { shape, isFloat, read: () => values.slice() }
    }
    const constant = { shape, isFloat, read: run }
    this.costs.set(constant, cost)
    return constant
  }
}

/** Maps an index of a tensor of this shape to a position in memory, given the strides of its axes. */
function indexing(shape: Shape, strides: readonly number[]): (index: number) => number {
  return (index) => {
    let rest = index
    let at = 0
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis]
      at += (rest % size) * strides[axis]
      rest = Math.floor(rest / size)
    }
    return at
  }
}

/** Maps an index of the broadcast tensor to an index of the original. */
function broadcasting(shape: Shape, full: Shape): (index: number) => number {
  const strides = stridesOf(shape)
  const aligned = full.map((_size, axis) => {
    const own = axis - full.length + shape.length
    return own < 0 || shape[own] === 1 ? 0 : strides[own]
  })
  return indexing(full, aligned)
}

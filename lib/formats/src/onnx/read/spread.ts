import { elements, sameShape, type Shape } from '@leti/network'
import type { Constant } from '../../importer/constant.js'
import type { Operation, Result } from '../../importer/operation.js'
import { isConstant, type Value } from '../../importer/value.js'
import { isCount } from '../../importer/windows.js'
import type { Call } from './call.js'
import { inGroups } from './groups.js'

/**
 * A transposed convolution that no format has as such, of volumes or with gaps: a dense layer computes the numbers
 * that each position of the input spreads over its window. The sum of windows that overlap is memory traffic.
 *
 * @param weights of `[inputs, outputs, ...window]`
 */
export function spread(call: Call, weights: Constant): Result {
  const { op } = call
  const input = call.input(0).channelsLast(op)
  const groups = call.int('group', 1)
  const [channels, , ...window] = weights.shape
  if (!input || isConstant(input) || input.shape.length !== window.length + 2) return undefined
  if (input.shape[0] !== 1 || input.shape.at(-1) !== channels) return undefined
  const image = outputImage(call, input.shape.slice(1, -1), window)
  if (!image?.every(isCount)) return undefined
  return inGroups(op, groups, input, weights, (own, part, of) => {
    const product = spreadNumbers(own.named('windows'), part, of)
    const after = [1, ...image, of.shape[1]]
    return product && placed(call, own, product, window, after)
  })
}

/** For each position of the input its window, with the channels last. */
function spreadNumbers(op: Operation, input: Value, weights: Constant): Result {
  const [channels, outputs, ...window] = weights.shape
  const axes = window.map((_, axis) => axis + 2)
  const moved = op.folding.transposed(weights, [0, ...axes, 1])
  const matrix = moved && op.folding.reshaped(moved, [channels, elements(window) * outputs])
  return matrix && op.dense(input, matrix)
}

function placed(call: Call, op: Operation, product: Value, window: Shape, after: Shape): Result {
  if (isTiling(call, product.shape.slice(1, -1), window, after)) {
    return tiled(op, product, window, after)
  }
  const [result] = op.assembly.unknown([op.name], 'ConvTranspose', [product], [after], 'traffic')
  return result
}

/** Whether the windows lie beside one another. */
function isTiling(call: Call, before: Shape, window: Shape, after: Shape): boolean {
  const strides = call.ints('strides') ?? window.map(() => 1)
  const isDense = (call.ints('dilations') ?? []).every((of) => of === 1)
  const image = before.map((size, axis) => size * window[axis])
  return isDense && sameShape(strides, window) && sameShape(image, after.slice(1, -1))
}

/** Moves each axis of the windows behind its axis of the image, one after another. */
function tiled(op: Operation, product: Value, window: Shape, after: Shape): Result {
  const image = product.shape.slice(1, -1)
  const moved = window.slice(0, -1).reduce<Result>((value, length, axis) => {
    const rows = elements(after.slice(1, axis + 1)) * image[axis]
    const inner = elements(after.slice(1)) / (rows * length * elements(image.slice(axis + 1)))
    const own = op.named(`axis${axis}`)
    const parts = [1, rows, elements(image.slice(axis + 1)), length, inner]
    const split = value && own.named('split').reshape(value, parts)
    return split && own.transpose(split, [0, 1, 3, 2, 4])
  }, product)
  return moved && op.reshape(moved, after)
}

/** The size of the output along each axis of the image. */
function outputImage(call: Call, before: Shape, window: Shape): Shape | undefined {
  const ones = window.map(() => 1)
  const [strides, dilations] = ['strides', 'dilations'].map((name) => call.ints(name) ?? ones)
  const stated = call.ints('output_shape')
  if (stated?.length) return stated.slice(-window.length)
  if (call.text('auto_pad', 'NOTSET').startsWith('SAME')) {
    return before.map((size, axis) => size * strides[axis])
  }
  const pads = call.ints('pads') ?? []
  const extra = call.ints('output_padding') ?? []
  return before.map((size, axis) => {
    const extent = (window[axis] - 1) * dilations[axis] + 1
    const cut = (pads[axis] ?? 0) + (pads[axis + window.length] ?? 0)
    return (size - 1) * strides[axis] + extent + (extra[axis] ?? 0) - cut
  })
}

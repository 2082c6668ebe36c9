import { elements, type Shape } from '@leti/network'
import { floatsOf, type Constant } from '../../importer/constant.js'
import { withBias } from '../../importer/convolutions.js'
import type { Operation, Result } from '../../importer/operation.js'
import type { Filter } from '../../importer/product.js'
import { transposed } from '../../weights/transposed.js'
import type { Call } from './call.js'

/** Adds the bias, which is the third input. */
export function biased(call: Call, op: Operation, result: Result): Result {
  const bias = call.constant(2)
  return bias && withBias(result, op, bias)
}

/** The shape of a filter of images; that of rows gets the height 1. */
export function imageKernel(shape: Shape): Shape | undefined {
  if (shape.length === 3) return [shape[0], shape[1], 1, shape[2]]
  return shape.length === 4 ? shape : undefined
}

/** Transposes `[a, b, ...size]` to `[...size, b, a]`. */
export function convolutionFilter(weights: Constant, [a, b, ...size]: Shape): Filter {
  const area = elements(size)
  return {
    source: weights,
    shape: [...size, b, a],
    read: () => transposed(transposed(floatsOf(weights), a, b * area), b, area, a),
  }
}

/** Transposes `[groups * multiplier, 1, height, width]` to `[height, width, groups, multiplier]`. */
export function depthwiseFilter(
  weights: Constant,
  [filters, , height, width]: Shape,
  groups: number,
): Filter {
  return {
    source: weights,
    shape: [height, width, groups, filters / groups],
    read: () => transposed(floatsOf(weights), filters, height * width),
  }
}

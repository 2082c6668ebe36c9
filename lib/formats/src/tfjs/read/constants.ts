import { elements } from '@leti/network'
import { isConstant } from '../../importer/value.js'
import { constantOf } from '../../importer/constant.js'
import { productOf, rangeOf } from '../../importer/computed-constants.js'
import { axisOf, isShape } from '../../importer/shapes.js'
import type { Call, NodeResult, Readers } from './call.js'
import { isCastToFloat } from './graph-node.js'

// Operators that give constants. Converters compute shapes and indices with them.

/** Limit on the numbers of a constant that is given by some of them. */
const MAX_DENSE = 64

export const CONSTANTS: Readers = [
  ['Cast', cast],
  ['Shape', shapeOf],
  ['Size', sizeOf],
  ['Rank', rankOf],
  ['GatherV2', gather],
  ['Fill', fill],
  ['Range', range],
  ['Prod', product],
  ['SparseToDense', sparseToDense],
]

function shapeOf(call: Call): NodeResult {
  return constantOf(call.input(0).shape)
}

function sizeOf(call: Call): NodeResult {
  return constantOf([elements(call.input(0).shape)], [])
}

function rankOf(call: Call): NodeResult {
  return constantOf([call.input(0).shape.length], [])
}

/** Gathers elements of a constant. */
function gather(call: Call): NodeResult {
  const [input, indices] = [call.input(0), call.input(1)]
  const numbers = call.numbers(1)
  const [axis] = call.inputs.length > 2 ? (call.numbers(2) ?? []) : [0]
  const at = axisOf(axis, input.shape.length)
  if (!isConstant(input) || !numbers || at === undefined) return undefined
  return call.op.folding.gathered(input, at, numbers, indices.shape)
}

function fill(call: Call): NodeResult {
  const shape = call.numbers(0)
  const value = call.constant(1)
  return shape && value && call.op.folding.expanded(value, shape)
}

function range(call: Call): NodeResult {
  return rangeOf(call.constant(0), call.constant(1), call.constant(2))
}

/** Computed tensors are floats: only a constant can be cast to integers. */
function cast({ node, op, inputs: [input] }: Call): NodeResult {
  const isFloat = isCastToFloat(node)
  if (!isConstant(input)) return isFloat ? input : undefined
  return op.folding.mapped(input, isFloat ? (value) => value : Math.trunc, isFloat)
}

/** Known for a small constant only. */
function product(call: Call): NodeResult {
  return productOf(call.constant(0), call.node.flag('keep_dims'))
}

/** Some numbers at their places, and a number everywhere else: small constants only. */
function sparseToDense(call: Call): NodeResult {
  const [indices, shape, values, fallback] = [0, 1, 2, 3].map((index) => call.numbers(index))
  if (!indices || !shape || !values || fallback?.length !== 1) return undefined
  if (!isShape(shape) || elements(shape) > MAX_DENSE) return undefined
  const dense = new Array<number>(elements(shape)).fill(fallback[0])
  const rank = Math.max(shape.length, 1)
  for (let at = 0; at < indices.length / rank; at++) {
    const place = indices.slice(at * rank, (at + 1) * rank)
    if (place.some((index, axis) => index < 0 || index >= (shape[axis] ?? 1))) return undefined
    const offset = place.reduce((sum, index, axis) => sum * (shape[axis] ?? 1) + index, 0)
    dense[offset] = values[values.length > 1 ? at : 0]
  }
  return constantOf(dense, shape, call.constant(2)?.isFloat)
}

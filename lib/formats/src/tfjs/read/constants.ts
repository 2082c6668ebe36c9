import { elements } from '@leti/network'
import { isConstant } from '../../importer/value.js'
import { constantOf } from '../../importer/constant.js'
import { productOf, rangeOf } from '../../importer/computed-constants.js'
import { axisOf } from '../../importer/shapes.js'
import type { Call, NodeResult, Readers } from './call.js'
import { isCastToFloat } from './graph-node.js'

// Operators that give constants. Converters compute shapes and indices with them.

export const CONSTANTS: Readers = [
  ['Cast', cast],
  ['Shape', shapeOf],
  ['Size', sizeOf],
  ['Rank', rankOf],
  ['GatherV2', gather],
  ['Fill', fill],
  ['Range', range],
  ['Prod', product],
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

import { axisOf } from '../../importer/shapes.js'
import type { Call, NodeResult, Readers } from './call.js'

// Operators that change the shape or the order of axes.

export const SHAPES: Readers = [
  ['Reshape', reshape],
  ['ExpandDims', expandDims],
  ['Squeeze', squeeze],
  ['Transpose', transpose],
]

function reshape(call: Call): NodeResult {
  const shape = call.numbers(1)
  return shape && call.op.reshape(call.input(0), shape)
}

function expandDims(call: Call): NodeResult {
  const [axis] = call.numbers(1) ?? []
  const { shape } = call.input(0)
  const at = axisOf(axis, shape.length + 1)
  return at === undefined ? undefined : call.op.reshape(call.input(0), shape.toSpliced(at, 0, 1))
}

function squeeze(call: Call): NodeResult {
  const { node, op } = call
  const axes = node.has('squeeze_dims') ? 'squeeze_dims' : 'axis'
  return op.squeeze(call.input(0), node.numbers(axes))
}

function transpose(call: Call): NodeResult {
  const permutation = call.numbers(1)
  return permutation && call.op.transpose(call.input(0), permutation)
}

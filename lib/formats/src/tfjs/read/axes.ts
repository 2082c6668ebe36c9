import { isConstant, type Value } from '../../importer/activation.js'
import { constantOf, scalarOf } from '../../importer/constant.js'
import { rangeOf } from '../../importer/constants.js'
import {
  equalLengths,
  pack as packed,
  split as parts,
  unpack as unpacked,
} from '../../importer/parts.js'
import { axisOf } from '../../importer/shapes.js'
import { argumentInput, constantInput, type Call, type NodeResult } from './call.js'

export function reshape(call: Call): NodeResult {
  const shape = argumentInput(call, 1)
  return shape && call.op.reshape(call.input(0), shape)
}

export function expandDims(call: Call): NodeResult {
  const [axis] = argumentInput(call, 1) ?? []
  const { shape } = call.input(0)
  const at = axisOf(axis, shape.length + 1)
  return at === undefined ? undefined : call.op.reshape(call.input(0), shape.toSpliced(at, 0, 1))
}

export function squeeze({ node, op, input }: Call): NodeResult {
  const axes = node.has('squeeze_dims') ? 'squeeze_dims' : 'axis'
  return op.squeeze(input(0), node.numbers(axes))
}

export function transpose(call: Call): NodeResult {
  const permutation = argumentInput(call, 1)
  return permutation && call.op.transpose(call.input(0), permutation)
}

export function mean(call: Call): NodeResult {
  const axes = argumentInput(call, 1)
  return axes && call.op.mean(call.input(0), axes, call.node.flag('keep_dims'))
}

export function concat(call: Call): NodeResult {
  const [axis] = argumentInput(call, call.inputs.length - 1) ?? []
  return axis === undefined ? undefined : call.op.concat(call.inputs.slice(0, -1), axis)
}

export function pack({ node, op, inputs }: Call): NodeResult {
  return packed(op, inputs, node.number('axis'))
}

export function pad(call: Call): NodeResult {
  const list = argumentInput(call, 1)
  const value = call.inputs.length > 2 ? scalarOf(constantInput(call, 2)) : 0
  if (!list || value !== 0) return undefined
  const paddings = call
    .input(0)
    .shape.map((_, axis) => [list[2 * axis], list[2 * axis + 1]] as const)
  return call.op.pad(call.input(0), paddings)
}

export function slice(call: Call): NodeResult {
  const input = call.input(0)
  const begin = argumentInput(call, 1)
  const size = argumentInput(call, 2)
  if (!begin || !size) return undefined
  const lengths = size.map((of, axis) => (of === -1 ? input.shape[axis] - begin[axis] : of))
  return call.op.slice(input, begin, lengths)
}

/** Equal parts along an axis. */
export function split(call: Call): NodeResult {
  const [axis] = argumentInput(call, 0) ?? []
  return cut(call, call.input(1), axis, (length) =>
    equalLengths(length, call.node.number('num_split')),
  )
}

/** Parts of given sizes along an axis. */
export function splitV(call: Call): NodeResult {
  const [axis] = argumentInput(call, 2) ?? []
  return cut(call, call.input(0), axis, () => argumentInput(call, 1))
}

function cut(
  call: Call,
  input: Value,
  axis: number | undefined,
  lengthsOf: (length: number) => readonly number[] | undefined,
): NodeResult {
  const at = axisOf(axis, input.shape.length)
  const lengths = at === undefined ? undefined : lengthsOf(input.shape[at])
  return at !== undefined && lengths ? parts(call.op, input, at, lengths) : undefined
}

export function unpack({ node, op, input }: Call): NodeResult {
  return unpacked(op, input(0), node.number('axis'))
}

export function shapeOf({ input }: Call): NodeResult {
  return constantOf(input(0).shape)
}

export function gather(call: Call): NodeResult {
  const [input, indices] = [call.input(0), call.input(1)]
  const numbers = argumentInput(call, 1)
  const [axis] = call.inputs.length > 2 ? (argumentInput(call, 2) ?? []) : [0]
  const at = axisOf(axis, input.shape.length)
  if (!isConstant(input) || !numbers || at === undefined) return undefined
  return call.op.folding.gathered(input, at, numbers, indices.shape)
}

export function fill(call: Call): NodeResult {
  const shape = argumentInput(call, 0)
  const value = constantInput(call, 1)
  return shape && value && call.op.folding.expanded(value, shape)
}

export function range(call: Call): NodeResult {
  return rangeOf(constantInput(call, 0), constantInput(call, 1), constantInput(call, 2))
}

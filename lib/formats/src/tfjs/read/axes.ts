import { isConstant, type Value } from '../../importer/activation.js'
import { constantOf, scalarOf } from '../../importer/constant.js'
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

/** A new axis along which the inputs are put side by side. */
export function pack(call: Call): NodeResult {
  const { node, op, inputs } = call
  const axis = axisOf(node.number('axis'), call.input(0).shape.length + 1)
  if (axis === undefined) return undefined
  const parts = inputs.map((input, index) =>
    op.named(`part${index}`).reshape(input, input.shape.toSpliced(axis, 0, 1)),
  )
  return parts.every((part) => part !== undefined) ? op.concat(parts, axis) : undefined
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

/** Equal parts, or parts of given sizes, along an axis. */
export function split(call: Call): NodeResult {
  const { node } = call
  const isOfSizes = node.op === 'SplitV'
  const input = call.input(isOfSizes ? 0 : 1)
  const [axis] = argumentInput(call, isOfSizes ? 2 : 0) ?? []
  const at = input && axisOf(axis, input.shape.length)
  if (at === undefined) return undefined
  const length = input.shape[at]
  const count = node.number('num_split')
  const sizes = isOfSizes
    ? argumentInput(call, 1)
    : count > 0 && count <= length
      ? new Array<number>(count).fill(length / count)
      : undefined
  if (!sizes?.every(Number.isInteger)) return undefined
  return parts(call, input, at, sizes)
}

/** The parts of length 1 along an axis, which goes. */
export function unpack(call: Call): NodeResult {
  const { node, op } = call
  const input = call.input(0)
  const axis = axisOf(node.number('axis'), input.shape.length)
  if (axis === undefined || input.shape[axis] > 1024) return undefined
  const rows = parts(call, input, axis, new Array<number>(input.shape[axis]).fill(1))
  const left = input.shape.toSpliced(axis, 1)
  const values = rows?.map((row, index) => op.named(`row${index}`).reshape(row, left))
  return values?.every((value) => value !== undefined) ? values : undefined
}

function parts(
  { op }: Call,
  input: Value,
  axis: number,
  sizes: readonly number[],
): Value[] | undefined {
  const values: Value[] = []
  let begin = 0
  for (const [index, size] of sizes.entries()) {
    const from = input.shape.map((_, at) => (at === axis ? begin : 0))
    const part = op.named(`part${index}`).slice(input, from, input.shape.with(axis, size))
    if (!part) return undefined
    values.push(part)
    begin += size
  }
  return values
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
  const [start, limit, step] = [0, 1, 2].map((index) => scalarOf(constantInput(call, index)))
  if (start === undefined || limit === undefined || !step) return undefined
  const length = Math.max(Math.ceil((limit - start) / step), 0)
  if (!(length <= 4096)) return undefined
  return constantOf(Array.from({ length }, (_, index) => start + index * step))
}

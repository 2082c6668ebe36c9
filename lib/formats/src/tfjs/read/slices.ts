import {
  equalLengths,
  pack as packed,
  split as parts,
  unpack as unpacked,
} from '../../importer/parts.js'
import { batchToSpace, spaceToBatch } from '../../importer/batch-space.js'
import { reversed } from '../../importer/composed.js'
import { broadcastTo, mirrored, tiled } from '../../importer/repeated.js'
import { axisOf } from '../../importer/shapes.js'
import type { Call, NodeReader, NodeResult, Readers } from './call.js'
import { stridedSlice } from './strided-slice.js'

// Operators that take parts of tensors, put them together or pad them.

export const SLICES: Readers = [
  ['ConcatV2', concat],
  ['Pack', pack],
  ['Split', split],
  ['SplitV', splitByLengths],
  ['Unpack', unpack],
  ['Slice', slice],
  ['StridedSlice', stridedSlice],
  ['Pad', pad],
  ['PadV2', pad],
  ['MirrorPad', mirrorPad],
  ['Tile', tile],
  ['BroadcastTo', expand],
  ['ReverseV2', reverse],
  ['SpaceToBatchND', blocks(spaceToBatch)],
  ['BatchToSpaceND', blocks(batchToSpace)],
]

function concat(call: Call): NodeResult {
  const [axis] = call.numbers(call.inputs.length - 1) ?? []
  return axis === undefined ? undefined : call.op.concat(call.inputs.slice(0, -1), axis)
}

/** Stacks the inputs along a new axis. */
function pack({ node, op, inputs }: Call): NodeResult {
  return packed(op, inputs, node.number('axis'))
}

function slice(call: Call): NodeResult {
  const input = call.input(0)
  const begin = call.numbers(1)
  const size = call.numbers(2)
  if (!begin || !size) return undefined
  // -1 takes the rest of the axis.
  const lengths = size.map((length, axis) =>
    length === -1 ? input.shape[axis] - begin[axis] : length,
  )
  return call.op.slice(input, begin, lengths)
}

/** `Split`: equal parts along an axis. Inputs: the axis, the tensor. */
function split(call: Call): NodeResult {
  const input = call.input(1)
  const axis = axisOf(call.scalar(0), input.shape.length)
  if (axis === undefined) return undefined
  const lengths = equalLengths(input.shape[axis], call.node.number('num_split'))
  return lengths && parts(call.op, input, axis, lengths)
}

/** `SplitV`: parts of given lengths along an axis. Inputs: the tensor, the lengths, the axis. */
function splitByLengths(call: Call): NodeResult {
  const input = call.input(0)
  const axis = axisOf(call.scalar(2), input.shape.length)
  const stated = call.numbers(1)
  if (axis === undefined || !stated) return undefined
  // -1 takes the rest of the axis.
  const rest = stated.reduce((left, length) => left - Math.max(length, 0), input.shape[axis])
  const lengths = stated.map((length) => (length === -1 ? rest : length))
  return parts(call.op, input, axis, lengths)
}

/** Splits an axis into its elements and drops it. */
function unpack(call: Call): NodeResult {
  return unpacked(call.op, call.input(0), call.node.number('axis'))
}

/** Only padding with zeros is known. */
function pad(call: Call): NodeResult {
  const input = call.input(0)
  const list = call.numbers(1)
  const value = call.inputs.length > 2 ? call.scalar(2) : 0
  if (!list || value !== 0) return undefined
  return call.op.pad(input, inPairs(list))
}

/** Pads with mirrored elements: `REFLECT` leaves out those at the edges, `SYMMETRIC` repeats them. */
function mirrorPad(call: Call): NodeResult {
  const list = call.numbers(1)
  const isSymmetric = call.node.text('mode').toUpperCase() === 'SYMMETRIC'
  return list && mirrored(call.op, call.input(0), inPairs(list), isSymmetric)
}

function tile(call: Call): NodeResult {
  const repeats = call.numbers(1)
  return repeats && tiled(call.op, call.input(0), repeats)
}

function expand(call: Call): NodeResult {
  const shape = call.numbers(1)
  return shape && broadcastTo(call.op, call.input(0), shape)
}

function reverse(call: Call): NodeResult {
  const axes = call.numbers(1)
  return axes && reversed(call.op, call.input(0), axes)
}

/** Inputs: an image, a block, and what is padded or cropped along each of its axes. */
function blocks(move: typeof spaceToBatch): NodeReader {
  return (call) => {
    const [block, list] = [call.numbers(1), call.numbers(2)]
    return block && list && move(call.op, call.input(0), block, inPairs(list))
  }
}

/** The two numbers of each axis. */
function inPairs(list: readonly number[]): (readonly [number, number])[] {
  return Array.from({ length: list.length / 2 }, (_, axis) => [list[2 * axis], list[2 * axis + 1]])
}

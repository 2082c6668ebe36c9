import type { Operation, Result } from '../../importer/operation.js'
import { axesOf } from '../../importer/shapes.js'
import { isConstant, type Value } from '../../importer/value.js'
import type { Call, NodeResult, Readers } from './call.js'

export const PADDING: Readers = [['Pad', pad]]

type Paddings = readonly (readonly [before: number, after: number])[]

function pad(call: Call): NodeResult {
  const { value, order } = call.input(0)
  const pads = call.intsOrInput('pads', 1)
  const axes = call.has(3) ? call.numbers(3) : order.map((_, axis) => axis)
  const found = axes && axesOf(axes, order.length)
  if (!found || pads?.length !== 2 * found.length) return undefined
  const paddings = order.map((axis) => {
    const at = found.indexOf(axis)
    return at < 0 ? ([0, 0] as const) : ([pads[at], pads[at + found.length]] as const)
  })
  const mode = call.text('mode', 'constant')
  if (mode !== 'constant') return call.like(copied(call.op, value, paddings, mode))
  return padValue(call) === 0 ? call.like(withNegative(call.op, value, paddings)) : undefined
}

function padValue(call: Call): number | undefined {
  return call.attribute('value') ? call.float('value') : call.scalar(2, 0)
}

/** Negative numbers cut elements off. */
function withNegative(op: Operation, value: Value, paddings: Paddings): Result {
  if (paddings.flat().every((count) => count >= 0)) return op.pad(value, paddings)
  const positive = paddings.map(([less, more]) => [Math.max(less, 0), Math.max(more, 0)] as const)
  const begin = paddings.map(([less]) => Math.max(-less, 0))
  const size = paddings.map(
    ([, more], axis) => value.shape[axis] - begin[axis] - Math.max(-more, 0),
  )
  const cut = op.named('cut').slice(value, begin, size)
  return cut && op.pad(cut, positive)
}

/** Pads with copies of elements: of the edge, or of those next to it in reverse order. */
function copied(op: Operation, value: Value, paddings: Paddings, mode: string): Result {
  if (isConstant(value) || !['edge', 'reflect'].includes(mode)) return undefined
  return paddings.reduce<Result>((padded, counts, axis) => {
    if (!padded || counts.every((count) => count === 0)) return padded
    const sides = counts.map((count, side) => copies(op, padded, axis, count, mode, side === 1))
    if (!sides.every((side) => side !== undefined)) return undefined
    const parts = [...sides[0], padded, ...sides[1]]
    return op.named(`axis${axis}`).concat(parts, axis)
  }, value)
}

/** Limit on copies of an edge. */
const MAX_COPIES = 64

function copies(
  op: Operation,
  value: Value,
  axis: number,
  count: number,
  mode: string,
  isAfter: boolean,
): Value[] | undefined {
  const length = value.shape[axis]
  if (count === 0) return []
  const part = op.named(`${isAfter ? 'after' : 'before'}${axis}`)
  const isEdge = mode === 'edge'
  const fits = isEdge ? count <= MAX_COPIES : count < length
  if (!fits || count < 0) return undefined
  const edge = isAfter ? length - 1 : 0
  const first = isEdge ? edge : isAfter ? length - 2 : count
  const begin = value.shape.map((_, at) => (at === axis ? first : 0))
  const steps = value.shape.map((_, at) => (at === axis && !isEdge ? -1 : 1))
  const copy = part.slice(value, begin, value.shape.with(axis, isEdge ? 1 : count), steps)
  return copy && new Array<Value>(isEdge ? count : 1).fill(copy)
}

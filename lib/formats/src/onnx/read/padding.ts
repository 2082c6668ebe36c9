import type { Operation, Result } from '../../importer/operation.js'
import { mirrored } from '../../importer/repeated.js'
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
  if (mode === 'reflect') return call.like(mirrored(call.op, value, paddings, false))
  if (mode === 'edge') return call.like(extended(call.op, value, paddings))
  if (mode !== 'constant') return undefined
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

/** Limit on copies of an edge. */
const MAX_COPIES = 64

/** Pads with copies of the elements at the edges. */
function extended(op: Operation, value: Value, paddings: Paddings): Result {
  if (isConstant(value) || paddings.flat().some((count) => count < 0 || count > MAX_COPIES)) {
    return undefined
  }
  return paddings.reduce<Result>((padded, [before, after], axis) => {
    if (!padded || before + after === 0) return padded
    const first = edge(op.named(`before${axis}`), padded, axis, 0)
    const last = edge(op.named(`after${axis}`), padded, axis, padded.shape[axis] - 1)
    if (!first || !last) return undefined
    const parts = [...copies(first, before), padded, ...copies(last, after)]
    return op.named(`axis${axis}`).concat(parts, axis)
  }, value)
}

function edge(op: Operation, value: Value, axis: number, at: number): Result {
  const begin = value.shape.map((_, other) => (other === axis ? at : 0))
  return op.slice(value, begin, value.shape.with(axis, 1))
}

function copies(value: Value, count: number): Value[] {
  return new Array<Value>(count).fill(value)
}

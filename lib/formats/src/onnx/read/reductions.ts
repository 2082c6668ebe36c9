import { elements } from '@leti/network'
import { axesOf, axisOf } from '../../importer/shapes.js'
import type { Value } from '../../importer/value.js'
import type { Operation, ReductionType, Result } from '../../importer/operation.js'
import type { Call, NodeReader, NodeResult, Readers } from './call.js'
import { channelsLast, OrderedTensor } from './ordered-tensor.js'

// Operators that combine the elements along axes.

export const REDUCTIONS: Readers = [
  ['Softmax', softmax],
  ['LogSoftmax', logSoftmax],
  ['GlobalAveragePool', globalPool('mean')],
  ['GlobalMaxPool', globalPool('reduce_max')],
  ['ReduceMean', reduction('mean')],
  ['ReduceSum', reduction('reduce_sum')],
  ['ReduceMax', reduction('reduce_max')],
  ['ReduceMin', reduction('reduce_min')],
  ['ReduceL1', composed({ before: (op, x) => op.elementwise('abs', x) })],
  ['ReduceL2', composed({ before: squared, after: (op, x) => op.elementwise('sqrt', x) })],
  ['ReduceSumSquare', composed({ before: squared })],
  ['ReduceLogSum', composed({ after: (op, x) => op.elementwise('log', x) })],
]

function reduction(type: ReductionType): NodeReader {
  return (call) => reduced(call, call.op, type, call.input(0).value)
}

type Step = (op: Operation, value: Value) => Result

/** A sum with functions of one element before and after it. */
function composed({ before, after }: { before?: Step; after?: Step }): NodeReader {
  return (call) => {
    const { op } = call
    const { value } = call.input(0)
    const terms = before ? before(op.named('terms'), value) : value
    const sum = terms && reduced(call, after ? op.named('sum') : op, 'reduce_sum', terms)
    const result = sum && (after ? after(op, sum.value) : sum.value)
    return result && new OrderedTensor(result, sum.order)
  }
}

function squared(op: Operation, value: Value): Result {
  return op.power(value, 2)
}

/** @param value a tensor like the first input */
function reduced(
  call: Call,
  op: Operation,
  type: ReductionType,
  value: Value,
): OrderedTensor | undefined {
  const { order } = call.input(0)
  const axes = reducedAxes(call, order.length)
  if (!axes) return undefined
  const keepDims = call.int('keepdims', 1) !== 0
  const places = axes.map((axis) => order.indexOf(axis))
  const result = op.reduced(type, value, places, keepDims)
  if (!result || keepDims) return result && new OrderedTensor(result, order)
  const left = order.filter((axis) => !axes.includes(axis))
  const rank = (axis: number): number => left.filter((other) => other < axis).length
  return new OrderedTensor(result, left.map(rank))
}

/** No axes, or an empty list of them, are all axes, unless the node says that they are none. */
function reducedAxes(call: Call, rank: number): number[] | undefined {
  const all = Array.from({ length: rank }, (_, axis) => axis)
  const list = call.ints('axes') ?? (call.has(1) ? call.numbers(1) : [])
  if (list?.length !== 0) return list && axesOf(list, rank)
  return call.int('noop_with_empty_axes') ? [] : all
}

export function globalPool(type: ReductionType): NodeReader {
  return (call) => globallyPooled(call, type)
}

function globallyPooled(call: Call, type: ReductionType): NodeResult {
  const input = call.input(0)
  const rank = input.order.length
  const value = input.channelsLast(call.op)
  const axes = Array.from({ length: rank - 2 }, (_, index) => index + 1)
  const result = value && call.op.reduced(type, value, axes, true)
  return result && new OrderedTensor(result, channelsLast(rank))
}

/** The logarithm of a softmax. */
function logSoftmax(call: Call): NodeResult {
  const parts = softmaxOf(call, call.op.named('softmax'))
  const result = parts && call.op.elementwise('log', parts.value)
  return result && new OrderedTensor(result, parts.order)
}

function softmax(call: Call): NodeResult {
  return softmaxOf(call, call.op)
}

function softmaxOf(call: Call, op: Operation): OrderedTensor | undefined {
  const input = call.input(0)
  const rank = input.order.length
  const axis = axisOf(call.int('axis', call.opset < 13 ? 1 : -1), rank)
  if (axis === undefined) return undefined
  // Before version 13 the operator flattens this axis and all that follow.
  if (call.opset < 13 && elements(input.shape.slice(axis + 1)) !== 1) return undefined
  const isLast = input.order[rank - 1] === axis
  const order = isLast ? input.order : [...input.order.filter((of) => of !== axis), axis]
  const value = input.inOrder(op, order)
  const result = value && op.softmax(value, -1)
  return result && new OrderedTensor(result, order)
}

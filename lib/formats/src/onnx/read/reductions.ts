import { elements } from '@leti/network'
import { axesOf, axisOf } from '../../importer/shapes.js'
import type { ReductionType } from '../../importer/operation.js'
import type { Call, NodeReader, NodeResult, Readers } from './call.js'
import { channelsLast, OrderedTensor } from './ordered-tensor.js'

// Operators that combine the elements along axes.

export const REDUCTIONS: Readers = [
  ['Softmax', softmax],
  ['GlobalAveragePool', globalPool('mean')],
  ['GlobalMaxPool', globalPool('reduce_max')],
  ['ReduceMean', reduction('mean')],
  ['ReduceMax', reduction('reduce_max')],
]

function reduction(type: ReductionType): NodeReader {
  return (call) => reduced(call, type)
}

function reduced(call: Call, type: ReductionType): NodeResult {
  const { value, order } = call.input(0)
  const list = call.intsOrInput('axes', 1) ?? order.map((_, axis) => axis)
  const axes = axesOf(list, order.length)
  if (!axes) return undefined
  const keepDims = call.int('keepdims', 1) !== 0
  const places = axes.map((axis) => order.indexOf(axis))
  const result = call.op.reduced(type, value, places, keepDims)
  if (!result || keepDims) return result && new OrderedTensor(result, order)
  const left = order.filter((axis) => !axes.includes(axis))
  const rank = (axis: number): number => left.filter((other) => other < axis).length
  return new OrderedTensor(result, left.map(rank))
}

function globalPool(type: ReductionType): NodeReader {
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

function softmax(call: Call): NodeResult {
  const input = call.input(0)
  const rank = input.order.length
  const axis = axisOf(call.int('axis', call.opset < 13 ? 1 : -1), rank)
  if (axis === undefined) return undefined
  // Before version 13 the operator flattens this axis and all that follow.
  if (call.opset < 13 && elements(input.shape.slice(axis + 1)) !== 1) return undefined
  const isLast = input.order[rank - 1] === axis
  const order = isLast ? input.order : [...input.order.filter((of) => of !== axis), axis]
  const value = input.inOrder(call.op, order)
  const result = value && call.op.softmax(value, -1)
  return result && new OrderedTensor(result, order)
}

import { elements } from '@leti/network'
import { isConstant } from '../../importer/value.js'
import { constantOf, scalarConstant } from '../../importer/constant.js'
import { productOf, rangeOf } from '../../importer/computed-constants.js'
import { ATTRIBUTE, DATA_TYPE } from '../schema.js'
import type { Call, NodeResult, Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'
import type { OnnxNode } from './node.js'

// Operators that give constants. Exporters compute shapes, indices and weights with them.

export const CONSTANTS: Readers = [
  ['Constant', constant],
  ['ConstantOfShape', constantOfShape],
  ['Shape', shapeOf],
  ['Size', sizeOf],
  ['ReduceProd', product],
  ['Range', range],
  ['Cast', cast],
]

function constant(call: Call): NodeResult {
  const tensor = call.tensor('value')
  if (tensor) return new OrderedTensor(tensor)
  if (call.attribute('value_int')) return new OrderedTensor(constantOf([call.int('value_int')], []))
  if (call.attribute('value_float'))
    return new OrderedTensor(scalarConstant(call.float('value_float')))
  const ints = call.ints('value_ints')
  return ints && new OrderedTensor(constantOf(ints))
}

function constantOfShape(call: Call): NodeResult {
  const shape = call.numbers(0)
  const value = call.tensor('value') ?? constantOf([0], [1], true)
  const [number] = value.read()
  const result = shape && call.op.folding.filled(number, shape, value.isFloat)
  return result && new OrderedTensor(result)
}

/** The shape of a tensor, or the part of it from axis `start` up to axis `end`. */
function shapeOf(call: Call): NodeResult {
  const { shape } = call.input(0)
  const start = call.int('start')
  const end = call.attribute('end') ? call.int('end') : shape.length
  return new OrderedTensor(constantOf(shape.slice(start, end)))
}

/** The number of elements of a tensor. */
function sizeOf(call: Call): NodeResult {
  return new OrderedTensor(constantOf([elements(call.input(0).shape)], []))
}

/** Known for a small constant only. */
function product(call: Call): NodeResult {
  const axes = call.intsOrInput('axes', 1)
  const isWhole = !axes || axes.every((axis) => axis === 0 || axis === -1)
  const result = isWhole ? productOf(call.constant(0), call.int('keepdims', 1) !== 0) : undefined
  return result && new OrderedTensor(result)
}

function range(call: Call): NodeResult {
  const result = rangeOf(call.constant(0), call.constant(1), call.constant(2))
  return result && new OrderedTensor(result)
}

const FLOAT_TYPES: readonly number[] = [
  DATA_TYPE.float,
  DATA_TYPE.float16,
  DATA_TYPE.double,
  DATA_TYPE.bfloat16,
]

export function isCastToFloat({ op, attributes }: OnnxNode): boolean {
  return op === 'Cast' && FLOAT_TYPES.includes(attributes.get('to')?.int(ATTRIBUTE.i) ?? 0)
}

/** Computed tensors are floats: only a constant can be cast to integers, or to truth values. */
function cast(call: Call): NodeResult {
  const input = call.input(0)
  const isFloat = isCastToFloat(call.node)
  if (!isConstant(input.value)) return isFloat ? input : undefined
  const isTruth = call.int('to') === DATA_TYPE.bool
  const whole = isTruth ? (value: number): number => Number(value !== 0) : Math.trunc
  const change = isFloat ? (value: number): number => value : whole
  return call.like(call.op.folding.mapped(input.value, change, isFloat))
}

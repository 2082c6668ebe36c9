import { normalized } from '../../importer/normalized.js'
import type { Result } from '../../importer/operation.js'
import { axisOf } from '../../importer/shapes.js'
import type { Call, NodeResult, Readers } from './call.js'
import { channelsLast, OrderedTensor } from './ordered-tensor.js'

export const NORMS: Readers = [
  ['BatchNormalization', batchNorm],
  ['LayerNormalization', layerNorm],
  ['InstanceNormalization', instanceNorm],
]

/** Epsilon of all three norms, if a node states none. */
const EPSILON = 1e-5

/** A trained batch norm: normalizes each channel by constants. */
function batchNorm(call: Call): NodeResult {
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map((index) => call.constant(index))
  const input = call.input(0)
  const value = input.channelsLast(call.op)
  if (!value || !mean || !variance || call.int('training_mode')) return undefined
  const epsilon = call.float('epsilon', EPSILON)
  const result = call.op.batchNorm(value, { scale, offset, mean, variance, epsilon })
  return result && new OrderedTensor(result, channelsLast(input.order.length))
}

/** Normalizes over axis `axis` and all that follow; scale and shift have the shape of these axes. */
function layerNorm(call: Call): NodeResult {
  const input = call.input(0).plain(call.op)
  const rank = input?.shape.length ?? 0
  const first = axisOf(call.int('axis', -1), rank)
  if (!input || first === undefined || call.node.outputs.length > 1) return undefined
  const axes = Array.from({ length: rank - first }, (_, index) => first + index)
  const epsilon = call.float('epsilon', EPSILON)
  return scaledAndShifted(call, normalized(call.op.named('unit'), input, axes, epsilon))
}

/** Normalizes over height and width, with a scale and a shift per channel. */
function instanceNorm(call: Call): NodeResult {
  const input = call.input(0)
  const rank = input.order.length
  const value = input.channelsLast(call.op)
  const axes = Array.from({ length: rank - 2 }, (_, index) => index + 1)
  const epsilon = call.float('epsilon', EPSILON)
  const unit = value && normalized(call.op.named('unit'), value, axes, epsilon)
  return scaledAndShifted(call, unit, channelsLast(rank))
}

function scaledAndShifted(call: Call, unit: Result, order?: readonly number[]): NodeResult {
  const { op } = call
  const product = unit && op.named('scaled').binary('mul', unit, call.input(1).value)
  const result = product && call.has(2) ? op.binary('add', product, call.input(2).value) : product
  return result && new OrderedTensor(result, order)
}

import { normalized } from '../../importer/normalized.js'
import { elements } from '@leti/network'
import type { Constant } from '../../importer/constant.js'
import type { Operation, Result } from '../../importer/operation.js'
import { axisOf } from '../../importer/shapes.js'
import type { Call, NodeResult, Readers } from './call.js'
import { channelsLast, OrderedTensor } from './ordered-tensor.js'

export const NORMS: Readers = [
  ['BatchNormalization', batchNorm],
  ['LayerNormalization', layerNorm],
  ['InstanceNormalization', instanceNorm],
  ['GroupNormalization', groupNorm],
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
  if (!input || first === undefined) return undefined
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

/**
 * Normalizes over groups of channels and all pixels. Scale and shift have a number per channel, before
 * version 21 of the operator set one per group.
 */
function groupNorm(call: Call): NodeResult {
  const { op } = call
  const value = call.input(0).channelsLast(op)
  const groups = call.int('num_groups')
  const [scale, shift] = [call.constant(1), call.constant(2)]
  if (!value || !scale || !shift || !(groups > 0)) return undefined
  const { shape } = value
  const [batch, ...rest] = shape
  const channels = rest[rest.length - 1]
  const area = elements(rest.slice(0, -1))
  const split = op.named('groups').reshape(value, [batch, area, groups, channels / groups])
  const unit = split && normalized(op.named('unit'), split, [1, 3], call.float('epsilon', EPSILON))
  const joined = unit && op.named('joined').reshape(unit, shape)
  const [factors, terms] = [scale, shift].map((of) => perChannel(op, of, channels))
  const scaled = joined && factors && op.named('scaled').binary('mul', joined, factors)
  const result = scaled && terms && op.binary('add', scaled, terms)
  return result && new OrderedTensor(result, channelsLast(shape.length))
}

/** Repeats a number per group for each channel of the group. */
function perChannel(op: Operation, values: Constant, channels: number): Constant | undefined {
  const [size] = values.shape
  if (size === channels) return values
  const column = op.folding.reshaped(values, [size, 1])
  const spread = column && op.folding.expanded(column, [size, channels / size])
  return spread && op.folding.reshaped(spread, [channels])
}

function scaledAndShifted(call: Call, unit: Result, order?: readonly number[]): NodeResult {
  const { op } = call
  const product = unit && op.named('scaled').binary('mul', unit, call.input(1).value)
  const result = product && call.has(2) ? op.binary('add', product, call.input(2).value) : product
  return result && new OrderedTensor(result, order)
}

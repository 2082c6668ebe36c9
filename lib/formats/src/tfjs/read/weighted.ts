import type { Size } from '@leti/network'
import { isConstant } from '../../importer/activation.js'
import { floatsOf, type Constant } from '../../importer/constant.js'
import { convolution, transposedConvolution, withBias } from '../../importer/convolutions.js'
import { multiplied } from '../../importer/matrices.js'
import type { Result } from '../../importer/operation.js'
import { pool, type FileWindow, type Pads } from '../../importer/windows.js'
import { argumentInput, constantInput, type Call, type NodeResult } from './call.js'

export function conv2d(call: Call): NodeResult {
  const filter = filterInput(call, 1)
  const window = filter && windowOf(call, filter.shape)
  const isDepthwise = call.node.op.includes('Depthwise')
  const result =
    window && convolution(call.op, call.input(0), window, toFilter(filter), isDepthwise)
  return activated(call, result)
}

export function transposedConv2d(call: Call): NodeResult {
  const size = argumentInput(call, 0)
  const filter = filterInput(call, 1)
  const window = filter && windowOf(call, filter.shape)
  if (!window || size?.length !== 4) return undefined
  return transposedConvolution(call.op, call.input(2), window, toFilter(filter), [size[1], size[2]])
}

export function matMul(call: Call): NodeResult {
  const { node, op, input } = call
  const isBatched = node.op.startsWith('Batch')
  const [left, right] = isBatched ? ['adj_x', 'adj_y'] : ['transpose_a', 'transpose_b']
  const isTransposed = [
    node.flag(left) || node.flag('transposeA'),
    node.flag(right) || node.flag('transposeB'),
  ] as const
  return activated(call, multiplied(op, input(0), input(1), isTransposed))
}

export function biasAdd(call: Call): NodeResult {
  const [input, bias] = [call.input(0), call.input(1)]
  return isChannelsLast(call) ? call.op.binary('add', input, bias) : undefined
}

export function batchNorm(call: Call): NodeResult {
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map((index) => constantInput(call, index))
  const { node, op, input } = call
  if (!mean || !variance || !isChannelsLast(call)) return undefined
  if (node.flag('is_training')) return undefined
  const epsilon = node.number('epsilon', 0.001)
  return op.batchNorm(input(0), { scale, offset, mean, variance, epsilon })
}

export function pooling(call: Call, type: 'max_pool' | 'avg_pool'): NodeResult {
  const window = windowOf(call, call.node.numbers('ksize').slice(1, 3))
  return window && pool(call.op, type, call.input(0), window)
}

/** The bias and activation that are fused into a node. */
function activated(call: Call, result: Result): NodeResult {
  const { node, op, input } = call
  const [first, ...rest] = node.texts('fused_ops')
  if (!result || first === undefined) return result
  const hasBias = first === 'BiasAdd'
  const bias = constantInput(call, 2)
  const sum = hasBias ? bias && withBias(result, op, bias) : result
  const activations = hasBias ? rest : [first, ...rest]
  if (!sum || activations.length === 0) return sum
  const named = op.named('activation')
  const [activation] = activations
  if (activations.length > 1) return undefined
  switch (activation) {
    case 'Relu':
      return named.elementwise('relu', sum)
    case 'Relu6':
      return named.elementwise('relu6', sum)
    case 'Elu':
      return named.elementwise('elu', sum)
    case 'Sigmoid':
      return named.elementwise('sigmoid', sum)
    case 'Prelu':
      return named.prelu(sum, input(hasBias ? 3 : 2))
    case 'LeakyRelu':
      return named.leakyRelu(sum, node.number('leakyrelu_alpha', 0.2))
    default:
      return undefined
  }
}

function filterInput(call: Call, index: number): Constant | undefined {
  const constant = constantInput(call, index)
  return isConstant(constant) && constant.isFloat ? constant : undefined
}

function toFilter(constant: Constant): { shape: Constant['shape']; read: () => Float32Array } {
  return { shape: constant.shape, read: () => floatsOf(constant) }
}

function windowOf(call: Call, size: readonly number[]): FileWindow | undefined {
  const { node } = call
  const strides = node.numbers('strides')
  const dilations = node.has('dilations') ? node.numbers('dilations') : []
  if (!isChannelsLast(call) || size.length < 2 || strides.length !== 4) return undefined
  if (![0, 4].includes(dilations.length)) return undefined
  const padding = paddingOf(call)
  return (
    padding && {
      size: [size[0], size[1]],
      strides: [strides[1], strides[2]],
      dilations: dilations.length > 0 ? [dilations[1], dilations[2]] : [1, 1],
      padding,
    }
  )
}

function paddingOf({ node }: Call): FileWindow['padding'] | undefined {
  const padding = node.text('padding').toLowerCase()
  if (padding === 'same' || padding === 'valid') return padding
  const counts = node.numbers('explicit_paddings')
  const pads: Pads = [pair(counts, 2), pair(counts, 4)]
  return padding === 'explicit' && counts.length === 8 ? pads : undefined
}

function pair(counts: readonly number[], at: number): Size {
  return [counts[at], counts[at + 1]]
}

function isChannelsLast({ node }: Call): boolean {
  return node.text('data_format', 'NHWC') === 'NHWC'
}

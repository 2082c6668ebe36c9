import { floatsOf } from '../../importer/constant.js'
import { convolution, transposedConvolution } from '../../importer/convolutions.js'
import type { Filter } from '../../importer/product.js'
import type { Call, NodeResult, Readers } from './call.js'
import { withFused } from './fused.js'
import { windowOf } from './windows.js'

export const CONVOLUTIONS: Readers = [
  ['Conv2D', conv2d],
  ['_FusedConv2D', conv2d],
  ['DepthwiseConv2dNative', depthwiseConv2d],
  ['FusedDepthwiseConv2dNative', depthwiseConv2d],
  ['Conv3D', conv3d],
  ['Conv2DBackpropInput', transposedConv2d],
]

function conv2d(call: Call): NodeResult {
  return convolved(call, 'conv2d')
}

function depthwiseConv2d(call: Call): NodeResult {
  return convolved(call, 'depthwise_conv2d')
}

function conv3d(call: Call): NodeResult {
  return convolved(call, 'conv3d')
}

function convolved(call: Call, type: 'conv2d' | 'depthwise_conv2d' | 'conv3d'): NodeResult {
  const filter = filterInput(call)
  const window = filter && windowOf(call.node, filter.shape.slice(0, -2))
  const result = window && convolution(call.op, type, call.input(0), window, filter)
  return withFused(call, result)
}

/** Inputs: the shape of the output, the filter, the image. */
function transposedConv2d(call: Call): NodeResult {
  const size = call.numbers(0)
  const filter = filterInput(call)
  const window = filter && windowOf(call.node, [filter.shape[0], filter.shape[1]])
  if (!window || size?.length !== 4) return undefined
  return transposedConvolution(call.op, call.input(2), window, filter, [size[1], size[2]])
}

function filterInput(call: Call): Filter | undefined {
  const constant = call.constant(1)
  return constant?.isFloat ? { shape: constant.shape, read: () => floatsOf(constant) } : undefined
}

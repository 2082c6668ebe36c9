import type { Constant } from '../../importer/constant.js'
import { convolution } from '../../importer/convolutions.js'
import type { Call, NodeResult, Readers } from './call.js'
import { biased, convolutionFilter, depthwiseFilter, imageKernel } from './filters.js'
import { inGroups } from './groups.js'
import { fromImage, onImage } from './images-and-rows.js'
import { convTranspose } from './transposed-convolutions.js'
import { windowOf } from './windows.js'

export const CONVOLUTIONS: Readers = [
  ['Conv', conv],
  ['ConvTranspose', convTranspose],
]

/** A convolution of volumes, of images, or of rows, which are read as images of height 1. */
export function conv(call: Call): NodeResult {
  const weights = call.constant(1)
  if (weights?.shape.length === 5) return volumeConv(call, weights)
  const kernel = weights && imageKernel(weights.shape)
  if (!weights || !kernel) return undefined
  return onImage(call, (op, input) => {
    const [filters, channels] = kernel
    const groups = call.int('group', 1)
    if (input.shape[3] !== channels * groups) return undefined
    const isDepthwise = groups > 1 && channels === 1 && filters % groups === 0
    const filter = isDepthwise
      ? depthwiseFilter(weights, kernel, groups)
      : convolutionFilter(weights, kernel)
    const window = windowOf(call, [kernel[2], kernel[3]], [input.shape[1], input.shape[2]])
    const type = isDepthwise ? 'depthwise_conv2d' : 'conv2d'
    const result = window && convolution(op, type, input, window, filter)
    return call.has(2) ? biased(call, op, result) : result
  })
}

function volumeConv(call: Call, weights: Constant): NodeResult {
  const { op } = call
  const input = call.input(0).channelsLast(op)
  const window = input && windowOf(call, weights.shape.slice(2), input.shape.slice(1, -1))
  if (!input || !window) return undefined
  const result = inGroups(op, call.int('group', 1), input, weights, (own, part, of) =>
    convolution(own, 'conv3d', part, window, convolutionFilter(of, of.shape)),
  )
  return fromImage(call.has(2) ? biased(call, call.op, result) : result)
}

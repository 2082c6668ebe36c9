import { constantOf, type Constant } from '../../../importer/constant.js'
import { FLOAT } from '../../schema.js'
import { activation } from './activations.js'
import type { LayerCall } from './layer-call.js'

/** A convolution of images, depthwise or not. */
export function convolution(call: LayerCall, op: string, weight: string): string | undefined {
  if (!call.isChannelsLast()) return undefined
  const filter = call.weightNode(weight)
  const window = call.window(call.pair('strides', 1), call.pair('dilation_rate', 1))
  return finished(call, call.add(op, [call.input, filter], window, 'product'))
}

/** A convolution of rows, with a filter of height 1. */
export function rowConvolution(call: LayerCall): string | undefined {
  const kernel = call.weight('kernel')
  const isPlain = call.padding() !== 'causal' && call.isChannelsLast()
  if (!isPlain || kernel?.shape.length !== 3) return undefined
  const filter = call.graph.constant(`${call.name}/kernel`, {
    ...kernel,
    shape: [1, ...kernel.shape],
  })
  const [stride] = call.pair('strides', 1)
  const [dilation] = call.pair('dilation_rate', 1)
  return call.onRows((image, part) => {
    const window = call.window([1, stride], [1, dilation])
    return finished(call, call.add('Conv2D', [image, filter], window, 'product'), part)
  })
}

export function separableConvolution(call: LayerCall): string | undefined {
  if (!call.isChannelsLast()) return undefined
  const [depthwise, pointwise] = ['depthwise_kernel', 'pointwise_kernel'].map((weight) =>
    call.weightNode(weight),
  )
  const window = call.window(call.pair('strides', 1), call.pair('dilation_rate', 1))
  const inputs = [call.input, depthwise]
  const channels = call.add('DepthwiseConv2dNative', inputs, window, 'depthwise')
  return finished(call, call.add('Conv2D', [channels, pointwise], call.window([1, 1]), 'product'))
}

/** The graph computes the output size from the input's. */
export function transposedConvolution(call: LayerCall): string | undefined {
  const kernel = call.weight('kernel')
  const padding = call.config.output_padding
  const isPlain = call.isChannelsLast() && (padding === undefined || padding === null)
  if (!isPlain || kernel?.shape.length !== 4) return undefined
  const [height, width, filters] = kernel.shape
  const strides = call.pair('strides', 1)
  const isSame = call.padding() === 'same'
  const rest = [height, width].map((size, axis) => (isSame ? 0 : Math.max(size - strides[axis], 0)))
  const shape = call.add('Shape', [call.input], {}, 'shape')
  const factors = call.integers('factors', [1, ...strides, 0])
  const scaled = call.add('Mul', [shape, factors], {}, 'scaled')
  const size = call.add('Add', [scaled, call.integers('rest', [0, ...rest, filters])], {}, 'size')
  const inputs = [size, call.weightNode('kernel'), call.input]
  const window = call.window(strides, call.pair('dilation_rate', 1))
  return finished(call, call.add('Conv2DBackpropInput', inputs, window, 'product'))
}

export function dense(call: LayerCall): string {
  const inputs = [call.input, call.weightNode('kernel')]
  return finished(call, call.add('BatchMatMulV2', inputs, { T: FLOAT }, 'product'))
}

export function batchNorm(call: LayerCall): string | undefined {
  const [mean, variance] = [call.weight('moving_mean'), call.weight('moving_variance')]
  if (!mean || !variance) return undefined
  const filled = (value: number): Constant =>
    constantOf(new Float32Array(mean.shape[0] ?? 0).fill(value), mean.shape, true)
  const parts = {
    gamma: call.weight('gamma') ?? filled(1),
    beta: call.weight('beta') ?? filled(0),
    mean,
    variance,
  }
  const inputs = Object.entries(parts).map(([part, constant]) =>
    call.graph.constant(`${call.name}/${part}`, constant),
  )
  const epsilon = { f: call.number('epsilon', 0.001) }
  return call.add('FusedBatchNormV3', [call.input, ...inputs], { epsilon })
}

/** Adds the layer's bias and activation. */
function finished(call: LayerCall, product: string, part = ''): string {
  const bias = call.flag('use_bias', true) && call.weight('bias')
  const sum = bias ? call.add('BiasAdd', [product, call.weightNode('bias')], {}, 'sum') : product
  return activation(call, sum, call.config.activation, part)
}

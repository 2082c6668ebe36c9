import type { Layers } from '@leti/network'

const EPSILON = 1e-6

/**
 * Layer normalization over the channels, with trained scale and shift, in the operators that converters
 * write. Ba et al., "Layer Normalization", 2016.
 */
export function layerNorm(net: Layers, x: number): number {
  const axes = [net.shape(x).length - 1]
  const mean = (of: number): number => net.op({ type: 'mean', axes, keepDims: true }, of)
  const centered = net.op({ type: 'sub' }, x, mean(x))
  const variance = net.add(mean(net.mul(centered, centered)), net.scalar(EPSILON))
  const unit = net.mul(centered, net.op({ type: 'rsqrt' }, variance))
  const channels = net.channels(x)
  return net.add(net.mul(unit, net.weights(channels)), net.weights(channels))
}

import type { Layers } from '@leti/network'

/**
 * 3x3 max pooling with stride 2, without padding, that keeps the last incomplete window: PyTorch's
 * `ceil_mode`. An even size has one, which `same` pads at its end only; an odd one has none.
 */
export function ceilMaxPool(net: Layers, x: number): number {
  const [height] = net.shape(x)
  return net.maxPool(x, { size: 3, stride: 2, padding: height % 2 === 0 ? 'same' : 'valid' })
}

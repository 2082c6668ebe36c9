import type { Layers } from '@leti/network'

/**
 * 3x3 max pooling with stride 2 and PyTorch's `ceil_mode`: no padding, but the last window may be
 * incomplete. It is incomplete for even sizes, where padding `same` pads only at the end.
 */
export function ceilMaxPool(net: Layers, x: number): number {
  const [height] = net.shape(x)
  return net.maxPool(x, { size: 3, stride: 2, padding: height % 2 === 0 ? 'same' : 'valid' })
}

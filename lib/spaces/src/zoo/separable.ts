import type { Layers } from '@leti/network'

interface SeparableOptions {
  readonly size: number
  readonly stride?: number
}

/** Depthwise and 1x1 convolution with nothing between, batch norm: Keras' `SeparableConv2D`. */
export function separableBn(
  net: Layers,
  x: number,
  filters: number,
  window: SeparableOptions,
): number {
  return net.convBn(net.depthwise(x, window, false), filters)
}

import type { Layers } from '@leti/network'

interface SeparableOptions {
  readonly size: number
  readonly stride?: number
}

/** Keras' `SeparableConv2D` and batch norm: a depthwise and a 1x1 convolution directly after it. */
export function separableBn(
  net: Layers,
  x: number,
  filters: number,
  window: SeparableOptions,
): number {
  return net.convBn(net.depthwise(x, window, false), filters)
}

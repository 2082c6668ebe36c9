import type { Layers } from '@leti/network'

/** A network of the zoo, at any resolution and width that it has. */
export interface Architecture {
  /** Height and width of the image, in pixels, as published. */
  readonly resolution: number
  /** The least and the greatest resolution that it takes. */
  readonly resolutions: readonly [least: number, greatest: number]
  /** Width multipliers as published; 1 alone where it is absent. */
  readonly widths?: readonly number[]
  /** Adds the network's layers after the image. Returns the node of its output, the logits. */
  build(net: Layers, image: number, width: number): number
}

/** Any resolution from that of which the last convolution still sees a pixel. */
export const ANY: Architecture['resolutions'] = [32, 1024]

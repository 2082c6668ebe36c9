import type { Layers } from '@leti/network'

/** How to build a network of the zoo at each of its resolutions and widths. */
export interface Architecture {
  /** Published height and width of the image, in pixels. */
  readonly resolution: number
  /** Lowest and highest resolution that the network can take. */
  readonly resolutions: readonly [least: number, greatest: number]
  /** Published width multipliers; only 1 if absent. */
  readonly widths?: readonly number[]
  /** Adds the layers after the image and returns the node of the output, the logits. */
  build(net: Layers, image: number, variant: Variant): number
}

interface Variant {
  /** Width multiplier: factor of the channels. */
  readonly width: number
  /** Number of logits. */
  readonly classes: number
}

/** Resolutions of networks that halve the image five times: at least one pixel is left. */
export const ANY: Architecture['resolutions'] = [32, 1024]

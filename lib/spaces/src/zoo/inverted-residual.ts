import type { Act, Layers } from '@leti/network'
import { squeezeExcite, type SqueezeExcite } from './squeeze-excite.js'

interface InvertedResidual {
  /** Channels of the depthwise convolution; no 1x1 convolution makes them where the input has them. */
  readonly expanded: number
  readonly filters: number
  readonly size: number
  readonly stride: number
  readonly act: Act
  readonly squeezeExcite?: SqueezeExcite
}

/**
 * 1x1 convolution to more channels, depthwise convolution, 1x1 convolution to few, added to the input
 * where the shape allows. Sandler et al., "MobileNetV2", CVPR 2018.
 */
export function invertedResidual(net: Layers, x: number, block: InvertedResidual): number {
  const { expanded, filters, size, stride, act } = block
  const channels = net.channels(x)
  let y = expanded === channels ? x : net.convBn(x, expanded, { act })
  y = net.depthwiseBn(y, { size, stride, act })
  if (block.squeezeExcite) y = squeezeExcite(net, y, block.squeezeExcite)
  y = net.convBn(y, filters)
  return stride === 1 && channels === filters ? net.add(x, y) : y
}

/** Inverted residuals in a row: the first has the stride and changes the channels. */
export interface Stage {
  readonly size: number
  readonly stride: number
  /** Of the channels of each block's input. */
  readonly expansion: number
  readonly filters: number
  readonly repeats: number
}

/** @param squeezed what a block whose input has these channels does after the depthwise convolution */
export function addStage(
  net: Layers,
  x: number,
  { size, stride, expansion, filters, repeats }: Stage,
  act: Act,
  squeezed?: (channels: number) => SqueezeExcite,
): number {
  for (let block = 0; block < repeats; block++) {
    const channels = net.channels(x)
    x = invertedResidual(net, x, {
      expanded: expansion * channels,
      filters,
      size,
      stride: block === 0 ? stride : 1,
      act,
      squeezeExcite: squeezed?.(channels),
    })
  }
  return x
}

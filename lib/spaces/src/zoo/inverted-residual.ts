import type { Act, Layers } from '@leti/network'
import { squeezeExcite, type SqueezeExcite } from './squeeze-excite.js'

interface InvertedResidual {
  /** Channels of the depthwise convolution; if the input has as many, there is no expansion. */
  readonly expanded: number
  readonly filters: number
  readonly size: number
  readonly stride: number
  readonly act: Act
  readonly squeezeExcite?: SqueezeExcite
}

/**
 * 1x1 convolution that expands the channels, depthwise convolution, 1x1 convolution that projects them;
 * the input is added if the shapes match. Sandler et al., "MobileNetV2", CVPR 2018.
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

/** Consecutive inverted residuals: the first one has the stride and changes the channels. */
export interface Stage {
  readonly size: number
  readonly stride: number
  /** Factor from the channels of a block's input to its expanded channels. */
  readonly expansion: number
  readonly filters: number
  readonly repeats: number
}

/** @param squeezed the squeeze-and-excite of a block, from the channels of its input */
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

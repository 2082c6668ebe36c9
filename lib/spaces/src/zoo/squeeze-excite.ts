import type { Act, Layers } from '@leti/network'

/** Options of a squeeze-and-excite block. */
export interface SqueezeExcite {
  /** Channels between the two convolutions. */
  readonly squeezed: number
  readonly act: Act
  readonly gate: 'sigmoid' | 'hard_sigmoid'
}

/**
 * Scales each channel by a factor that a small network computes from the means of all channels. Hu et
 * al., "Squeeze-and-Excitation Networks", CVPR 2018.
 */
export function squeezeExcite(
  net: Layers,
  x: number,
  { squeezed, act, gate }: SqueezeExcite,
): number {
  const means = net.op({ type: 'mean', axes: [0, 1], keepDims: true }, x)
  const narrow = net.conv(means, squeezed, { act })
  return net.mul(x, net.conv(narrow, net.channels(x), { act: gate }))
}

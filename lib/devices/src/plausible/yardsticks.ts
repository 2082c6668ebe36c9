import type { LetiRecord } from '@leti/records'
import type { Work } from '../plausibility.js'

/** A layer that is repeated until the network is as large as the one in doubt. */
interface Yardstick {
  readonly name: string
  readonly shape: readonly number[]
  readonly node: Readonly<Record<string, unknown>>
  readonly macs: number
}

function convolution(size: number, channels: number, window: number): Yardstick {
  const padding = 'same'
  return {
    name: `conv${window}x${window}-${channels}-at-${size}`,
    shape: [size, size, channels],
    node: {
      type: 'conv2d',
      filters: channels,
      window: { size: [window, window], strides: [1, 1], padding },
      bias: true,
    },
    macs: (size * channels * window) ** 2,
  }
}

/** Layers of much work, for which runtimes have their fastest kernels. */
const CONVOLUTIONS = [
  convolution(16, 128, 3),
  convolution(32, 256, 1),
  convolution(28, 512, 1),
  convolution(32, 256, 3),
  convolution(56, 256, 3),
]

/** It reads a weight for each multiplication: nothing reads more weights in the time. */
const DENSE: Yardstick = {
  name: 'dense-2048',
  shape: [2048],
  node: { type: 'dense', units: 2048, bias: true },
  macs: 2048 ** 2,
}

/** Most layers of one yardstick. */
const MOST_LAYERS = 16

/** Records of networks with about the work of another, or of one layer if even that is more. */
export function yardsticksFor({ macs, weightBytes }: Work): LetiRecord[] {
  const fitting = CONVOLUTIONS.filter((one) => one.macs <= macs)
  return [
    ...(fitting.length ? fitting : CONVOLUTIONS.slice(0, 1)).map((one) =>
      recordOf(one, macs / one.macs),
    ),
    recordOf(DENSE, weightBytes / (4 * DENSE.macs)),
  ]
}

function recordOf({ name, shape, node }: Yardstick, layers: number): LetiRecord {
  const repeats = Math.min(MOST_LAYERS, Math.ceil(layers))
  const nodes = [
    { type: 'input', shape },
    { ...node, inputs: [0] },
  ]
  return { id: `yardstick-${name}-x${repeats}`, arch: { space: 'kernel', nodes, repeats } }
}

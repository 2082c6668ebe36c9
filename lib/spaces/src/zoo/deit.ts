import type { Layers } from '@leti/network'
import type { Architecture } from './architecture.js'
import { layerNorm } from './layer-norm.js'

const PATCH = 16
const CHANNELS = 192
const HEADS = 3
const BLOCKS = 12

/**
 * Touvron et al., "Training data-efficient image transformers & distillation through attention", ICML
 * 2021, without distillation: the vision transformer of Dosovitskiy et al. (ICLR 2021), tiny.
 */
export const deitTiny: Architecture = {
  resolution: 224,
  // The position embedding is trained for one resolution.
  resolutions: [224, 224],
  build: (net, image, { classes }) => {
    const window = { size: PATCH, stride: PATCH, padding: 'valid' } as const
    const patches = net.conv(image, CHANNELS, window)
    const [height, width] = net.shape(patches)
    const words = net.reshape(patches, height * width, CHANNELS)
    const tokens = net.op({ type: 'concat', axis: 0 }, net.weights(1, CHANNELS), words)
    let x = net.add(tokens, net.weights(...net.shape(tokens)))
    for (let index = 0; index < BLOCKS; index++) {
      x = net.add(x, attention(net, layerNorm(net, x)))
      const hidden = net.dense(layerNorm(net, x), 4 * CHANNELS, 'gelu')
      x = net.add(x, net.dense(hidden, CHANNELS))
    }
    const first = { begin: [0, 0], size: [1, CHANNELS] }
    const token = net.op({ type: 'slice', ...first }, layerNorm(net, x))
    return net.dense(net.reshape(token, CHANNELS), classes)
  },
}

/** Multi-head self-attention. */
function attention(net: Layers, x: number): number {
  const [tokens] = net.shape(x)
  const size = CHANNELS / HEADS
  const swapped = (y: number): number => net.op({ type: 'transpose', permutation: [1, 0, 2] }, y)
  const all = net.dense(x, 3 * CHANNELS)
  const [query, key, value] = [0, 1, 2].map((part) =>
    swapped(net.reshape(net.slice(all, part * CHANNELS, CHANNELS), tokens, HEADS, size)),
  )
  const scaled = net.mul(query, net.scalar(size ** -0.5))
  const alike = net.op({ type: 'matmul', transposeB: true }, scaled, key)
  const shares = net.op({ type: 'softmax' }, alike)
  const taken = swapped(net.op({ type: 'matmul', transposeB: false }, shares, value))
  return net.dense(net.reshape(taken, tokens, CHANNELS), CHANNELS)
}

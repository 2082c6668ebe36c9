import { ANY, type Architecture } from './architecture.js'
import { invertedResidual } from './inverted-residual.js'

/** Filters of each stage, the stride of its first block, and each block's window and expansion. */
const STAGES = [
  { filters: 16, stride: 1, blocks: [[3, 1]] },
  {
    filters: 32,
    stride: 2,
    blocks: [
      [5, 3],
      [3, 3],
    ],
  },
  {
    filters: 40,
    stride: 2,
    blocks: [
      [7, 3],
      [3, 3],
      [5, 3],
      [5, 3],
    ],
  },
  {
    filters: 80,
    stride: 2,
    blocks: [
      [7, 6],
      [5, 3],
      [5, 3],
      [5, 3],
    ],
  },
  {
    filters: 96,
    stride: 1,
    blocks: [
      [5, 6],
      [5, 3],
      [5, 3],
      [5, 3],
    ],
  },
  {
    filters: 192,
    stride: 2,
    blocks: [
      [7, 6],
      [7, 6],
      [7, 3],
      [7, 3],
    ],
  },
  { filters: 320, stride: 1, blocks: [[7, 6]] },
]

/**
 * The network found for a mobile CPU. Cai et al., "ProxylessNAS: Direct Neural Architecture Search on
 * Target Task and Hardware", ICLR 2019.
 */
export const proxylessnasMobile: Architecture = {
  resolution: 224,
  resolutions: ANY,
  build: (net, image, { classes }) => {
    const act = 'relu6'
    let x = net.convBn(image, 32, { size: 3, stride: 2, act })
    for (const { filters, stride, blocks } of STAGES) {
      for (const [index, [size, expansion]] of blocks.entries()) {
        const expanded = expansion * net.channels(x)
        const block = { expanded, filters, size, stride: index === 0 ? stride : 1, act } as const
        x = invertedResidual(net, x, block)
      }
    }
    return net.classifier(net.convBn(x, 1280, { act }), classes)
  },
}

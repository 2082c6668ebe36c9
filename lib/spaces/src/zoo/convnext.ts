import type { Layers } from '@leti/network'
import { ANY, type Architecture } from './architecture.js'
import { layerNorm } from './layer-norm.js'

const DEPTHS = [3, 3, 9, 3]
const FILTERS = [96, 192, 384, 768]

/** Liu et al., "A ConvNet for the 2020s", CVPR 2022. */
export const convnextTiny: Architecture = {
  resolution: 224,
  resolutions: ANY,
  build: (net, image, { classes }) => {
    let x = layerNorm(net, net.conv(image, FILTERS[0], { size: 4, stride: 4, padding: 'valid' }))
    for (const [stage, blocks] of DEPTHS.entries()) {
      if (stage > 0) {
        const window = { size: 2, stride: 2, padding: 'valid' } as const
        x = net.conv(layerNorm(net, x), FILTERS[stage], window)
      }
      for (let index = 0; index < blocks; index++) x = block(net, x)
    }
    return net.dense(layerNorm(net, net.globalAvgPool(x)), classes)
  },
}

function block(net: Layers, x: number): number {
  const channels = net.channels(x)
  const y = layerNorm(net, net.depthwise(x, { size: 7 }, true))
  const z = net.dense(net.dense(y, 4 * channels, 'gelu'), channels)
  return net.add(x, net.mul(z, net.weights(channels)))
}

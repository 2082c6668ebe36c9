import { ANY, type Architecture } from './architecture.js'

const GROWTH = 32
/** Layers of each block. */
const DENSENET121 = [6, 12, 24, 16]

/** Huang et al., "Densely Connected Convolutional Networks", CVPR 2017. */
export const densenet121: Architecture = {
  resolution: 224,
  resolutions: ANY,
  build: (net, image, { classes }) => {
    let x = net.convBn(image, 2 * GROWTH, { size: 7, stride: 2, act: 'relu' })
    x = net.maxPool(x, { size: 3, stride: 2 })
    for (const [block, layers] of DENSENET121.entries()) {
      if (block > 0) {
        x = net.plainConv(net.batchNorm(x, 'relu'), net.channels(x) / 2)
        x = net.avgPool(x, { size: 2, stride: 2, padding: 'valid' })
      }
      for (let layer = 0; layer < layers; layer++) {
        const narrow = net.convBn(net.batchNorm(x, 'relu'), 4 * GROWTH, { act: 'relu' })
        x = net.concat(x, net.plainConv(narrow, GROWTH, { size: 3 }))
      }
    }
    return net.classifier(net.batchNorm(x, 'relu'), classes)
  },
}

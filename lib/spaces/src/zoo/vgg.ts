import type { Architecture } from './architecture.js'

/** Filters of the 3x3 convolutions between the pools: configuration D. */
const VGG16 = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
]

/**
 * Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", ICLR
 * 2015.
 */
export const vgg16: Architecture = {
  resolution: 224,
  resolutions: [224, 224],
  build: (net, x, { classes }) => {
    const act = 'relu'
    for (const stage of VGG16) {
      for (const filters of stage) x = net.conv(x, filters, { size: 3, act })
      x = net.maxPool(x, { size: 2, stride: 2, padding: 'valid' })
    }
    x = net.reshape(x, 7 * 7 * 512)
    x = net.dense(x, 4096, act)
    return net.dense(net.dense(x, 4096, act), classes)
  },
}

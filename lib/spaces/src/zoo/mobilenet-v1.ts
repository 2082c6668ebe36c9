import { ANY, type Architecture } from './architecture.js'

/** Filters and stride of the separable convolutions. */
const SEPARABLE = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
]

/** Howard et al., "MobileNets", 2017. */
export const mobilenetV1: Architecture = {
  resolution: 224,
  resolutions: ANY,
  widths: [0.25, 0.5, 0.75, 1],
  build: (net, image, { width, classes }) => {
    const act = 'relu6'
    let x = net.convBn(image, 32 * width, { size: 3, stride: 2, act })
    for (const [filters, stride] of SEPARABLE) {
      x = net.depthwiseBn(x, { size: 3, stride, act })
      x = net.convBn(x, filters * width, { act })
    }
    return net.classifier(x, classes)
  },
}

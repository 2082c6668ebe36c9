import { ANY, type Architecture } from './architecture.js'
import { makeDivisible } from './channels.js'
import { addStage } from './inverted-residual.js'

/** Expansion, filters, repeats and stride: the paper's table 2. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
]

/** Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018. */
export const mobilenetV2: Architecture = {
  resolution: 224,
  resolutions: ANY,
  widths: [0.35, 0.5, 0.75, 1, 1.3, 1.4],
  build: (net, image, { width, classes }) => {
    const act = 'relu6'
    let x = net.convBn(image, makeDivisible(32 * width), { size: 3, stride: 2, act })
    for (const [expansion, channels, repeats, stride] of STAGES) {
      const filters = makeDivisible(channels * width)
      x = addStage(net, x, { size: 3, stride, expansion, filters, repeats }, act)
    }
    const head = makeDivisible(1280 * Math.max(1, width))
    return net.classifier(net.convBn(x, head, { act }), classes)
  },
}

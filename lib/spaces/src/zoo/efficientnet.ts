import { ANY, type Architecture } from './architecture.js'
import { makeDivisible } from './channels.js'
import { addStage } from './inverted-residual.js'
import type { SqueezeExcite } from './squeeze-excite.js'

/** Size of the depthwise window, stride, expansion, filters, repeats: the paper's table 1. */
const STAGES = [
  [3, 1, 1, 16, 1],
  [3, 2, 6, 24, 2],
  [5, 2, 6, 40, 2],
  [3, 2, 6, 80, 3],
  [5, 1, 6, 112, 3],
  [5, 2, 6, 192, 4],
  [3, 1, 6, 320, 1],
]

/** Width factor, depth factor and resolution of each model. */
type Scale = readonly [width: number, depth: number, resolution: number]

const SCALES: Readonly<Record<string, Scale>> = {
  efficientnet_b0: [1, 1, 224],
  efficientnet_b1: [1, 1.1, 240],
  efficientnet_b2: [1.1, 1.2, 260],
  efficientnet_b3: [1.2, 1.4, 300],
}

const LITE_SCALES: Readonly<Record<string, Scale>> = {
  efficientnet_lite0: [1, 1, 224],
  efficientnet_lite1: [1, 1.1, 240],
  efficientnet_lite2: [1.1, 1.2, 260],
  efficientnet_lite3: [1.2, 1.4, 280],
  efficientnet_lite4: [1.4, 1.8, 300],
}

/**
 * Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019,
 * and https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
 */
export const EFFICIENTNETS: Readonly<Record<string, Architecture>> = {
  ...mapped(SCALES, efficientnet),
  ...mapped(LITE_SCALES, lite),
}

function mapped(
  scales: Readonly<Record<string, Scale>>,
  architecture: (scale: Scale) => Architecture,
): Record<string, Architecture> {
  return Object.fromEntries(
    Object.entries(scales).map(([name, scale]) => [name, architecture(scale)]),
  )
}

function efficientnet([width, depth, resolution]: Scale): Architecture {
  return {
    resolution,
    resolutions: ANY,
    build: (net, image, { classes }) => {
      const act = 'swish'
      let x = net.convBn(image, makeDivisible(32 * width), { size: 3, stride: 2, act })
      for (const [size, stride, expansion, channels, blocks] of STAGES) {
        const filters = makeDivisible(channels * width)
        const stage = { size, stride, expansion, filters, repeats: Math.ceil(blocks * depth) }
        x = addStage(net, x, stage, act, quarter)
      }
      return net.classifier(net.convBn(x, makeDivisible(1280 * width), { act }), classes)
    },
  }
}

/** EfficientNet-Lite: no squeeze-and-excite, ReLU6, fixed stem, head and depth of the outer stages. */
function lite([width, depth, resolution]: Scale): Architecture {
  return {
    resolution,
    resolutions: ANY,
    build: (net, image, { classes }) => {
      const act = 'relu6'
      let x = net.convBn(image, 32, { size: 3, stride: 2, act })
      for (const [index, [size, stride, expansion, channels, blocks]] of STAGES.entries()) {
        const isOuter = index === 0 || index === STAGES.length - 1
        const repeats = isOuter ? blocks : Math.ceil(blocks * depth)
        const filters = makeDivisible(channels * width)
        x = addStage(net, x, { size, stride, expansion, filters, repeats }, act)
      }
      return net.classifier(net.convBn(x, 1280, { act }), classes)
    },
  }
}

function quarter(channels: number): SqueezeExcite {
  return { squeezed: Math.floor(channels / 4), act: 'swish', gate: 'sigmoid' }
}

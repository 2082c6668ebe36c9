import { ANY, type Architecture } from './architecture.js'
import { makeDivisible } from './channels.js'
import { invertedResidual } from './inverted-residual.js'

const RE = 'relu'
const HS = 'hard_swish'

/** Size of the depthwise window, expanded channels, filters, squeeze-and-excite, activation, stride. */
type Row = readonly [number, number, number, boolean, typeof RE | typeof HS, number]

/** The paper's table 1. */
const LARGE: readonly Row[] = [
  [3, 16, 16, false, RE, 1],
  [3, 64, 24, false, RE, 2],
  [3, 72, 24, false, RE, 1],
  [5, 72, 40, true, RE, 2],
  [5, 120, 40, true, RE, 1],
  [5, 120, 40, true, RE, 1],
  [3, 240, 80, false, HS, 2],
  [3, 200, 80, false, HS, 1],
  [3, 184, 80, false, HS, 1],
  [3, 184, 80, false, HS, 1],
  [3, 480, 112, true, HS, 1],
  [3, 672, 112, true, HS, 1],
  [5, 672, 160, true, HS, 2],
  [5, 960, 160, true, HS, 1],
  [5, 960, 160, true, HS, 1],
]

/** The last blocks in ncnn's benchmark, where a later block halves the image. */
const LARGE_OF_NCNN: readonly Row[] = [
  ...LARGE.slice(0, 12),
  [5, 672, 160, true, HS, 1],
  [5, 672, 160, true, HS, 2],
  [5, 960, 160, true, HS, 1],
]

/** The paper's table 2. */
const SMALL: readonly Row[] = [
  [3, 16, 16, true, RE, 2],
  [3, 72, 24, false, RE, 2],
  [3, 88, 24, false, RE, 1],
  [5, 96, 40, true, HS, 2],
  [5, 240, 40, true, HS, 1],
  [5, 240, 40, true, HS, 1],
  [5, 120, 48, true, HS, 1],
  [5, 144, 48, true, HS, 1],
  [5, 288, 96, true, HS, 2],
  [5, 576, 96, true, HS, 1],
  [5, 576, 96, true, HS, 1],
]

/** Howard et al., "Searching for MobileNetV3", ICCV 2019. */
export const mobilenetV3Large = mobilenetV3(LARGE, 1280)
export const mobilenetV3LargeOfNcnn = mobilenetV3(LARGE_OF_NCNN, 1280)
export const mobilenetV3Small = mobilenetV3(SMALL, 1024)

function mobilenetV3(rows: readonly Row[], hidden: number): Architecture {
  return {
    resolution: 224,
    resolutions: ANY,
    widths: [0.75, 1],
    build: (net, image, { width, classes }) => {
      let x = net.convBn(image, makeDivisible(16 * width), { size: 3, stride: 2, act: HS })
      // At another width, a block expands its input by the same factor as at width 1.
      let unscaled = 16
      for (const [size, wide, filters, squeezes, act, stride] of rows) {
        const expanded = makeDivisible((net.channels(x) * wide) / unscaled)
        unscaled = filters
        x = invertedResidual(net, x, {
          expanded,
          filters: makeDivisible(filters * width),
          size,
          stride,
          act,
          squeezeExcite: squeezes
            ? { squeezed: makeDivisible(expanded / 4), act: RE, gate: 'hard_sigmoid' }
            : undefined,
        })
      }
      x = net.convBn(x, 6 * net.channels(x), { act: HS })
      x = net.dense(net.globalAvgPool(x), hidden, HS)
      return net.dense(x, classes)
    },
  }
}

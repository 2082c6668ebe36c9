import { ANY, type Architecture } from './architecture.js'
import { makeDivisible } from './channels.js'
import { addStage } from './inverted-residual.js'
import type { SqueezeExcite } from './squeeze-excite.js'

/** Size of the depthwise window, stride, expansion, filters, repeats, squeeze-and-excite. */
type Row = readonly [number, number, number, number, number, boolean]

/** Tan et al., "MnasNet: Platform-Aware Neural Architecture Search for Mobile", CVPR 2019. */
export const mnasnetA1 = mnasnet(
  [0.5, 0.75, 1, 1.4],
  [
    [3, 1, 1, 16, 1, false],
    [3, 2, 6, 24, 2, false],
    [5, 2, 3, 40, 3, true],
    [3, 2, 6, 80, 4, false],
    [3, 1, 6, 112, 2, true],
    [5, 2, 6, 160, 3, true],
    [3, 1, 6, 320, 1, false],
  ],
)

export const mnasnetB1 = mnasnet(
  [0.5, 0.75, 1, 1.3],
  [
    [3, 1, 1, 16, 1, false],
    [3, 2, 3, 24, 3, false],
    [5, 2, 3, 40, 3, false],
    [5, 2, 6, 80, 3, false],
    [3, 1, 6, 96, 2, false],
    [5, 2, 6, 192, 4, false],
    [3, 1, 6, 320, 1, false],
  ],
)

function mnasnet(widths: readonly number[], rows: readonly Row[]): Architecture {
  return {
    resolution: 224,
    resolutions: ANY,
    widths,
    build: (net, image, { width, classes }) => {
      const act = 'relu'
      let x = net.convBn(image, makeDivisible(32 * width), { size: 3, stride: 2, act })
      for (const [size, stride, expansion, channels, repeats, squeezes] of rows) {
        const filters = makeDivisible(channels * width)
        const stage = { size, stride, expansion, filters, repeats }
        x = addStage(net, x, stage, act, squeezes ? quarter : undefined)
      }
      return net.classifier(net.convBn(x, 1280, { act }), classes)
    },
  }
}

function quarter(channels: number): SqueezeExcite {
  return { squeezed: Math.round(channels / 4), act: 'relu', gate: 'sigmoid' }
}

import type { Layers } from '@leti/network'
import { ANY, type Architecture } from './architecture.js'
import { ceilMaxPool } from './ceil-pool.js'

/** Filters of a fire module: 1x1 squeeze, then 1x1 and as many 3x3 expand filters. */
type Fire = readonly [squeeze: number, expand: number]

/** Iandola et al., "SqueezeNet", 2016: fire modules between pools. */
export const squeezenet10 = squeezenet({ filters: 96, size: 7 }, [
  [
    [16, 64],
    [16, 64],
    [32, 128],
  ],
  [
    [32, 128],
    [48, 192],
    [48, 192],
    [64, 256],
  ],
  [[64, 256]],
])

const STEM11 = { filters: 64, size: 3 }
const STAGES11: readonly (readonly Fire[])[] = [
  [
    [16, 64],
    [16, 64],
  ],
  [
    [32, 128],
    [32, 128],
  ],
  [
    [48, 192],
    [48, 192],
    [64, 256],
    [64, 256],
  ],
]

/** https://github.com/forresti/SqueezeNet/tree/master/SqueezeNet_v1.1 */
export const squeezenet11 = squeezenet(STEM11, STAGES11)

/** SqueezeNet 1.1 with zeros around the input of the last convolution, as in ncnn's benchmark. */
export const squeezenet11Padded = squeezenet(STEM11, STAGES11, 1)

function squeezenet(
  stem: { readonly filters: number; readonly size: number },
  stages: readonly (readonly Fire[])[],
  headPadding = 0,
): Architecture {
  return {
    resolution: 224,
    resolutions: ANY,
    build: (net, image, { classes }) => {
      const { filters, size } = stem
      let x = net.conv(image, filters, { size, stride: 2, padding: 'valid', act: 'relu' })
      for (const modules of stages) {
        x = ceilMaxPool(net, x)
        for (const module of modules) x = fire(net, x, module)
      }
      if (headPadding) x = net.pad(x, headPadding, headPadding)
      return net.globalAvgPool(net.conv(x, classes, { act: 'relu' }))
    },
  }
}

function fire(net: Layers, x: number, [squeeze, expand]: Fire): number {
  const narrow = net.conv(x, squeeze, { act: 'relu' })
  const one = net.conv(narrow, expand, { act: 'relu' })
  return net.concat(one, net.conv(narrow, expand, { size: 3, act: 'relu' }))
}

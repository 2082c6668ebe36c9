import type { Layers } from '@leti/network'
import { ANY, type Architecture } from './architecture.js'
import { ceilMaxPool } from './ceil-pool.js'

/** Filters of the branches: 1x1; 1x1 and 3x3; 1x1 and the largest window; 1x1 after the pool. */
type Inception = readonly [number, number, number, number, number, number]

/** The modules between the pools. */
const STAGES: readonly (readonly Inception[])[] = [
  [
    [64, 96, 128, 16, 32, 32],
    [128, 128, 192, 32, 96, 64],
  ],
  [
    [192, 96, 208, 16, 48, 64],
    [160, 112, 224, 24, 64, 64],
    [128, 128, 256, 24, 64, 64],
    [112, 144, 288, 32, 64, 64],
    [256, 160, 320, 32, 128, 128],
  ],
  [
    [256, 160, 320, 32, 128, 128],
    [384, 192, 384, 48, 128, 128],
  ],
]

/** Sizes of a module's largest window and of the last pool between modules. */
interface Sizes {
  readonly largest: number
  readonly lastPool: number
}

/**
 * Szegedy et al., "Going Deeper with Convolutions", CVPR 2015, as in torchvision: with batch norms,
 * and with 3x3 convolutions in place of the paper's 5x5.
 */
export const googlenet = architecture({ largest: 3, lastPool: 2 })

/**
 * With the windows of the paper, as in ncnn's benchmark, but without the two local response
 * normalizations after the first convolutions.
 */
export const googlenetOfPaper = architecture({ largest: 5, lastPool: 3 })

function architecture({ largest, lastPool }: Sizes): Architecture {
  return {
    resolution: 224,
    resolutions: ANY,
    build: (net, image, { classes }) => {
      let x = net.convBn(image, 64, { size: 7, stride: 2, act: 'relu' })
      x = net.convBn(ceilMaxPool(net, x), 64, { act: 'relu' })
      x = net.convBn(x, 192, { size: 3, act: 'relu' })
      x = ceilMaxPool(net, x)
      for (const [index, modules] of STAGES.entries()) {
        if (index === 1) x = ceilMaxPool(net, x)
        if (index === 2) x = net.maxPool(x, { size: lastPool, stride: 2 })
        for (const filters of modules) x = inception(net, x, filters, largest)
      }
      return net.classifier(x, classes)
    },
  }
}

function inception(
  net: Layers,
  x: number,
  [one, a, b, c, d, pooled]: Inception,
  largest: number,
): number {
  const act = 'relu'
  const narrow = net.convBn(x, one, { act })
  const first = net.convBn(net.convBn(x, a, { act }), b, { size: 3, act })
  const second = net.convBn(net.convBn(x, c, { act }), d, { size: largest, act })
  const pool = net.convBn(net.maxPool(x, { size: 3 }), pooled, { act })
  return net.concat(narrow, first, second, pool)
}

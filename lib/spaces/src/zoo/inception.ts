import type { Layers, Size } from '@leti/network'
import type { Architecture } from './architecture.js'

/** One convolution of a tower: its filters, window and stride. */
type Step = readonly [filters: number, size: number | Size, stride?: 2]

const ROW: Size = [1, 7]
const COLUMN: Size = [7, 1]

/**
 * Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016, without its
 * auxiliary classifier.
 */
export const inceptionV3: Architecture = {
  resolution: 299,
  resolutions: [75, 1024],
  build: (net, image, { classes }) => {
    const valid = { padding: 'valid', act: 'relu' } as const
    const pool = { size: 3, stride: 2, padding: 'valid' } as const
    let x = net.convBn(image, 32, { size: 3, stride: 2, ...valid })
    x = net.convBn(x, 32, { size: 3, ...valid })
    x = net.maxPool(tower(net, x, [64, 3]), pool)
    x = net.convBn(x, 80, valid)
    x = net.maxPool(net.convBn(x, 192, { size: 3, ...valid }), pool)
    for (const pooled of [32, 64, 64]) x = square(net, x, pooled)
    x = net.concat(
      tower(net, x, [384, 3, 2]),
      tower(net, x, [64, 1], [96, 3], [96, 3, 2]),
      net.maxPool(x, pool),
    )
    for (const narrow of [128, 160, 160, 192]) x = factorised(net, x, narrow)
    x = net.concat(
      tower(net, x, [192, 1], [320, 3, 2]),
      tower(net, x, [192, 1], [192, ROW], [192, COLUMN], [192, 3, 2]),
      net.maxPool(x, pool),
    )
    for (let module = 0; module < 2; module++) x = expanded(net, x)
    return net.classifier(x, classes)
  },
}

/** A tower: consecutive convolutions; those with a stride have no padding. */
function tower(net: Layers, x: number, ...steps: Step[]): number {
  for (const [filters, size, stride] of steps) {
    x = net.convBn(x, filters, { size, stride, padding: stride ? 'valid' : 'same', act: 'relu' })
  }
  return x
}

function pooledTower(net: Layers, x: number, filters: number): number {
  return tower(net, net.avgPool(x, { size: 3 }), [filters, 1])
}

/** The paper's figure 5. */
function square(net: Layers, x: number, pooled: number): number {
  return net.concat(
    tower(net, x, [64, 1]),
    tower(net, x, [48, 1], [64, 5]),
    tower(net, x, [64, 1], [96, 3], [96, 3]),
    pooledTower(net, x, pooled),
  )
}

/** The paper's figure 6, with n = 7. */
function factorised(net: Layers, x: number, narrow: number): number {
  const twice: Step[] = [
    [narrow, COLUMN],
    [narrow, ROW],
    [narrow, COLUMN],
    [192, ROW],
  ]
  return net.concat(
    tower(net, x, [192, 1]),
    tower(net, x, [narrow, 1], [narrow, ROW], [192, COLUMN]),
    tower(net, x, [narrow, 1], ...twice),
    pooledTower(net, x, 192),
  )
}

/** The paper's figure 7. */
function expanded(net: Layers, x: number): number {
  const split = (y: number): number =>
    net.concat(tower(net, y, [384, [1, 3]]), tower(net, y, [384, [3, 1]]))
  return net.concat(
    tower(net, x, [320, 1]),
    split(tower(net, x, [384, 1])),
    split(tower(net, x, [448, 1], [384, 3])),
    pooledTower(net, x, 192),
  )
}

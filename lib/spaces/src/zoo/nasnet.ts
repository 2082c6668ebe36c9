import type { Layers } from '@leti/network'
import { ANY, type Architecture } from './architecture.js'
import { separableBn } from './separable.js'

/** Normal cells between reductions, and filters of the first cells: NASNet-A (4 @ 1056). */
const REPEATS = 4
const FILTERS = 44

/** The inputs of a cell: the outputs of the two cells before it. */
interface Inputs {
  readonly x: number
  readonly previous: number
}

/**
 * NASNet-A mobile. Zoph et al., "Learning Transferable Architectures for Scalable Image Recognition",
 * CVPR 2018, as in Keras.
 */
export const nasnetMobile: Architecture = {
  resolution: 224,
  resolutions: ANY,
  build: (net, image, { classes }) => {
    const stem = net.convBn(image, 32, { size: 3, stride: 2, padding: 'valid' })
    let inputs: Inputs = { x: stem, previous: stem }
    for (const filters of [FILTERS / 4, FILTERS / 2]) inputs = reductionCell(net, inputs, filters)
    for (const factor of [1, 2, 4]) {
      if (factor > 1) inputs = reductionCell(net, inputs, FILTERS * factor)
      for (let cell = 0; cell < REPEATS; cell++) inputs = normalCell(net, inputs, FILTERS * factor)
    }
    return net.classifier(net.act(inputs.x, 'relu'), classes)
  },
}

function normalCell(net: Layers, { x, previous }: Inputs, filters: number): Inputs {
  const p = adjusted(net, previous, x, filters)
  const h = net.convBn(net.act(x, 'relu'), filters)
  const output = net.concat(
    p,
    net.add(separable(net, h, filters, 5), separable(net, p, filters, 3)),
    net.add(separable(net, p, filters, 5), separable(net, p, filters, 3)),
    net.add(net.avgPool(h, { size: 3 }), p),
    net.add(net.avgPool(p, { size: 3 }), net.avgPool(p, { size: 3 })),
    net.add(separable(net, h, filters, 3), h),
  )
  return { x: output, previous: x }
}

function reductionCell(net: Layers, { x, previous }: Inputs, filters: number): Inputs {
  const p = adjusted(net, previous, x, filters)
  const h = net.convBn(net.act(x, 'relu'), filters)
  const pool = { size: 3, stride: 2 }
  const first = net.add(separable(net, h, filters, 5, 2), separable(net, p, filters, 7, 2))
  const second = net.add(net.maxPool(h, pool), separable(net, p, filters, 7, 2))
  const third = net.add(net.avgPool(h, pool), separable(net, p, filters, 5, 2))
  const fourth = net.add(second, net.avgPool(first, { size: 3 }))
  const fifth = net.add(separable(net, first, filters, 3), net.maxPool(h, pool))
  return { x: net.concat(second, third, fourth, fifth), previous: x }
}

/** Adjusts the output of the cell before last to the size and channels of the cell. */
function adjusted(net: Layers, previous: number, x: number, filters: number): number {
  if (net.shape(previous)[0] !== net.shape(x)[0]) return halved(net, previous, filters)
  // The first cell reads the stem twice and needs no adjustment.
  if (previous === x || net.channels(previous) === filters) return previous
  return net.convBn(net.act(previous, 'relu'), filters)
}

/** Halves the image twice, with an offset of one pixel; each half gives half of the filters. */
function halved(net: Layers, x: number, filters: number): number {
  const active = net.act(x, 'relu')
  const padded = net.pad(active, 0, 1)
  const [height, width, channels] = net.shape(active)
  const range = { begin: [1, 1, 0], size: [height, width, channels] }
  const shifted = net.op({ type: 'slice', ...range }, padded)
  const halves = [active, shifted].map((image) =>
    net.plainConv(net.avgPool(image, { stride: 2, padding: 'valid' }), filters / 2),
  )
  return net.batchNorm(net.concat(...halves))
}

/** ReLU, separable convolution, batch norm: applied twice, with the stride in the first. */
function separable(net: Layers, x: number, filters: number, size: number, stride = 1): number {
  const y = separableBn(net, net.act(x, 'relu'), filters, { size, stride })
  return separableBn(net, net.act(y, 'relu'), filters, { size })
}

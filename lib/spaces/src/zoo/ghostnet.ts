import type { Act, Layers } from '@leti/network'
import { ANY, type Architecture } from './architecture.js'
import { makeDivisible } from './channels.js'
import { squeezeExcite } from './squeeze-excite.js'

/** Size of the depthwise window, expanded channels, filters, squeeze-and-excite, stride. */
type Row = readonly [number, number, number, boolean, number]

/** The paper's table 1. */
const ROWS: readonly Row[] = [
  [3, 16, 16, false, 1],
  [3, 48, 24, false, 2],
  [3, 72, 24, false, 1],
  [5, 72, 40, true, 2],
  [5, 120, 40, true, 1],
  [3, 240, 80, false, 2],
  [3, 200, 80, false, 1],
  [3, 184, 80, false, 1],
  [3, 184, 80, false, 1],
  [3, 480, 112, true, 1],
  [3, 672, 112, true, 1],
  [5, 672, 160, true, 2],
  [5, 960, 160, false, 1],
  [5, 960, 160, true, 1],
  [5, 960, 160, false, 1],
  [5, 960, 160, true, 1],
]

/** Han et al., "GhostNet: More Features from Cheap Operations", CVPR 2020. */
export const ghostnet: Architecture = {
  resolution: 224,
  resolutions: ANY,
  build: (net, image, { classes }) => {
    let x = net.convBn(image, 16, { size: 3, stride: 2, act: 'relu' })
    for (const row of ROWS) x = bottleneck(net, x, row)
    x = net.convBn(x, 960, { act: 'relu' })
    const pooled = net.op({ type: 'mean', axes: [0, 1], keepDims: true }, x)
    x = net.conv(pooled, 1280, { act: 'relu' })
    return net.dense(net.reshape(x, 1280), classes)
  },
}

function bottleneck(net: Layers, x: number, row: Row): number {
  const [size, expanded, filters, squeezes, stride] = row
  let y = ghost(net, x, expanded, 'relu')
  if (stride > 1) y = net.depthwiseBn(y, { size, stride })
  if (squeezes) {
    const squeezed = makeDivisible(expanded / 4, 4)
    y = squeezeExcite(net, y, { squeezed, act: 'relu', gate: 'hard_sigmoid' })
  }
  y = ghost(net, y, filters)
  const changes = stride > 1 || net.channels(x) !== filters
  const shortcut = changes ? net.convBn(net.depthwiseBn(x, { size, stride }), filters) : x
  return net.add(y, shortcut)
}

/** A 1x1 convolution makes half of the channels, a depthwise convolution of these the other half. */
function ghost(net: Layers, x: number, filters: number, act?: Act): number {
  const primary = net.convBn(x, filters / 2, { act })
  return net.concat(primary, net.depthwiseBn(primary, { size: 3, act }))
}

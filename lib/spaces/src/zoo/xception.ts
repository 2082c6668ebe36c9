import type { Layers } from '@leti/network'
import type { Architecture } from './architecture.js'
import { separableBn } from './separable.js'

/** Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", CVPR 2017. */
export const xception: Architecture = {
  resolution: 299,
  resolutions: [71, 1024],
  build: (net, image, { classes }) => {
    const stem = { size: 3, padding: 'valid', act: 'relu' } as const
    let x = net.convBn(image, 32, { ...stem, stride: 2 })
    x = net.convBn(x, 64, stem)
    // The stem ends in a ReLU, so the first module does not begin with one.
    x = downsampled(net, x, x, 128, 128)
    for (const filters of [256, 728]) {
      x = downsampled(net, x, net.act(x, 'relu'), filters, filters)
    }
    for (let module = 0; module < 8; module++) {
      let y = x
      for (let conv = 0; conv < 3; conv++) y = separable(net, net.act(y, 'relu'), 728)
      x = net.add(x, y)
    }
    x = downsampled(net, x, net.act(x, 'relu'), 728, 1024)
    for (const filters of [1536, 2048]) x = net.act(separable(net, x, filters), 'relu')
    return net.classifier(x, classes)
  },
}

/** ReLUs, separable convolutions and a pool, plus a projection of the input. */
function downsampled(
  net: Layers,
  x: number,
  active: number,
  first: number,
  second: number,
): number {
  const shortcut = net.convBn(x, second, { stride: 2 })
  const y = separable(net, net.act(separable(net, active, first), 'relu'), second)
  return net.add(net.maxPool(y, { size: 3, stride: 2 }), shortcut)
}

function separable(net: Layers, x: number, filters: number): number {
  return separableBn(net, x, filters, { size: 3 })
}

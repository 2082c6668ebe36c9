import type { Layers } from '@leti/network'
import { ANY, type Architecture } from './architecture.js'
import { squeezeExcite } from './squeeze-excite.js'

interface RegNet {
  /** Blocks and filters of each stage. */
  readonly depths: readonly number[]
  readonly filters: readonly number[]
  /** Channels per group. */
  readonly group: number
  /** True for a RegNetY, which has squeeze-and-excite. */
  readonly squeezes: boolean
}

const X = { squeezes: false }
const Y = { squeezes: true }

/** Radosavovic et al., "Designing Network Design Spaces", CVPR 2020. */
export const REGNETS: Readonly<Record<string, Architecture>> = {
  regnet_x_200mf: regnet({ depths: [1, 1, 4, 7], filters: [24, 56, 152, 368], group: 8, ...X }),
  regnet_x_400mf: regnet({ depths: [1, 2, 7, 12], filters: [32, 64, 160, 400], group: 16, ...X }),
  regnet_x_800mf: regnet({ depths: [1, 3, 7, 5], filters: [64, 128, 288, 672], group: 16, ...X }),
  regnet_y_200mf: regnet({ depths: [1, 1, 4, 7], filters: [24, 56, 152, 368], group: 8, ...Y }),
  regnet_y_400mf: regnet({ depths: [1, 3, 6, 6], filters: [48, 104, 208, 440], group: 8, ...Y }),
  regnet_y_800mf: regnet({ depths: [1, 3, 8, 2], filters: [64, 144, 320, 784], group: 16, ...Y }),
}

function regnet(design: RegNet): Architecture {
  return {
    resolution: 224,
    resolutions: ANY,
    build: (net, image, { classes }) => {
      let x = net.convBn(image, 32, { size: 3, stride: 2, act: 'relu' })
      for (const [stage, blocks] of design.depths.entries()) {
        for (let index = 0; index < blocks; index++) {
          x = block(net, x, design.filters[stage], index === 0 ? 2 : 1, design)
        }
      }
      return net.classifier(x, classes)
    },
  }
}

function block(
  net: Layers,
  x: number,
  filters: number,
  stride: number,
  { group, squeezes }: RegNet,
): number {
  const channels = net.channels(x)
  const act = 'relu'
  let y = net.convBn(x, filters, { act })
  y = net.groupedConvBn(y, filters, filters / group, { size: 3, stride, act })
  if (squeezes) {
    const squeezed = Math.round(channels / 4)
    y = squeezeExcite(net, y, { squeezed, act, gate: 'sigmoid' })
  }
  y = net.convBn(y, filters)
  const changes = stride > 1 || channels !== filters
  return net.act(net.add(y, changes ? net.convBn(x, filters, { stride }) : x), act)
}

import { IMAGENET_CLASSES, Layers } from '@leti/network'
import type { Space } from '../space.js'
import { parseNcnnArch, type NcnnArch } from './arch.js'
import { NETWORKS } from './networks.js'

export { NCNN_NAMES } from './arch.js'
export { ncnnRecord } from './record.js'

const PUBLISHED = { width: 1, classes: IMAGENET_CLASSES } as const

/**
 * The networks of ncnn's benchmark that the zoo has. The benchmark's results on many devices are
 * published. Records hold the `name` of the network in the benchmark.
 */
export const ncnn: Space<NcnnArch> = {
  name: 'ncnn',
  members: ['name'],
  parse: parseNcnnArch,
  toNetwork: ({ name }, id) => {
    const { architecture, resolution = architecture.resolution } = NETWORKS[name]
    const net = Layers.numbered()
    return net.build(id, architecture.build(net, net.image(resolution), PUBLISHED))
  },
}

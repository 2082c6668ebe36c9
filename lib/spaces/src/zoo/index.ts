import { Layers } from '@leti/network'
import type { Space } from '../space.js'
import { parseZooArch, type ZooArch } from './arch.js'
import { ARCHITECTURES } from './architectures.js'
import { zooExamples } from './examples.js'

export { ZOO_NAMES, type ZooArch } from './arch.js'
export { zooRecord } from './record.js'

/**
 * Popular networks for ImageNet, by name. Records hold `name` and, if they are not the published
 * ones, `resolution` and `width`.
 */
export const zoo: Space<ZooArch> = {
  name: 'zoo',
  members: ['name', 'resolution', 'width'],
  parse: parseZooArch,
  toNetwork: ({ name, resolution, width }, id) => {
    const net = Layers.numbered()
    return net.build(id, ARCHITECTURES[name].build(net, net.image(resolution), width))
  },
  examples: zooExamples,
}

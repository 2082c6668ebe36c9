import { Layers } from '@leti/network'
import type { Space } from '../space.js'
import { parseZooArch, type ZooArch } from './arch.js'
import { ARCHITECTURES } from './architectures.js'
import { zooExamples } from './examples.js'

export { ZOO_NAMES, type ZooArch, type ZooOptions } from './arch.js'
export { zooRecord } from './record.js'

/**
 * Popular networks for ImageNet, by name. Records hold `name` and, if they are not the published
 * ones, `resolution`, `width` and `num_labels`.
 */
export const zoo: Space<ZooArch> = {
  name: 'zoo',
  members: ['name', 'resolution', 'width', 'num_labels'],
  parse: parseZooArch,
  toNetwork: ({ name, resolution, width, num_labels: classes }, id) => {
    const net = Layers.numbered()
    const output = ARCHITECTURES[name].build(net, net.image(resolution), { width, classes })
    return net.build(id, output)
  },
  examples: zooExamples,
}

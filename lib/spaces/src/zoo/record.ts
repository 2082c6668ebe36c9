import { IMAGENET_CLASSES } from '@leti/network'
import type { LetiRecord } from '@leti/records'
import { ARCHITECTURES } from './architectures.js'
import { parseZooArch, type ZooOptions } from './arch.js'

/**
 * The record of a network of the zoo. Its id is such as `zoo-mobilenet_v2-224-1.0`, without the width if
 * the architecture has only one, and with `-l10` if it has 10 classes instead of those of ImageNet.
 *
 * @throws {LetiError} `bad-arch` if the zoo lacks the network, or the network lacks one of the options
 */
export function zooRecord(name: string, options: ZooOptions = {}): LetiRecord {
  const { resolution, width, num_labels } = parseZooArch({ name, ...options })
  const isScaled = ARCHITECTURES[name].widths !== undefined
  const isOther = num_labels !== IMAGENET_CLASSES
  const factor = Number.isInteger(width) ? width.toFixed(1) : String(width)
  return {
    id: `zoo-${name}-${resolution}${isScaled ? `-${factor}` : ''}${isOther ? `-l${num_labels}` : ''}`,
    arch: {
      space: 'zoo',
      name,
      resolution,
      ...(isScaled && { width }),
      ...(isOther && { num_labels }),
    },
  }
}

import type { LetiRecord } from '@leti/records'
import { ARCHITECTURES } from './architectures.js'
import { parseZooArch, type ZooArch } from './arch.js'

/**
 * The record of a network of the zoo. Its id is such as `zoo-mobilenet_v2-224-1.0`, without the width if
 * the architecture has only one.
 *
 * @param options resolution and width; by default the published ones
 * @throws {LetiError} `bad-arch` if the zoo lacks the network, or the network lacks the resolution or width
 */
export function zooRecord(
  name: string,
  options: Partial<Pick<ZooArch, 'resolution' | 'width'>> = {},
): LetiRecord {
  const { resolution, width } = parseZooArch({ name, ...options })
  if (!ARCHITECTURES[name].widths) {
    return { id: `zoo-${name}-${resolution}`, arch: { space: 'zoo', name, resolution } }
  }
  const factor = Number.isInteger(width) ? width.toFixed(1) : String(width)
  const arch = { space: 'zoo', name, resolution, width }
  return { id: `zoo-${name}-${resolution}-${factor}`, arch }
}

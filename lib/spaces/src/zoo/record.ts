import type { LetiRecord } from '@leti/records'
import { ARCHITECTURES } from './architectures.js'
import { parseZooArch, type ZooArch } from './arch.js'

/**
 * The record of a network of the zoo, such as `zoo-mobilenet_v2-224-1.0`; the width is left out where
 * the architecture has one only.
 *
 * @param options the resolution and the width, as published where they are absent
 * @throws {LetiError} `bad-arch` where the zoo has no such network
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

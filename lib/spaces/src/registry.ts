import type { Network } from '@leti/network'
import { LetiError, type LetiRecord } from '@leti/records'
import { nb101 } from './nb101/index.js'
import type { Space } from './space.js'
import { zoo } from './zoo/index.js'

const SPACES: Readonly<Record<string, Space<unknown>>> = {
  [nb101.name]: nb101,
  [zoo.name]: zoo,
}

/**
 * The network that a record's architecture stands for.
 *
 * @throws {LetiError} `bad-arch` where the record has no architecture, or none of a known space
 */
export function networkOf(record: LetiRecord): Network {
  if (!record.arch) throw new LetiError('bad-arch', 'no "arch": nothing says what the network is')
  const { space } = record.arch
  if (!Object.hasOwn(SPACES, space)) {
    const known = Object.keys(SPACES).join(', ')
    throw new LetiError('bad-arch', `unknown space "${space}"; known: ${known}`)
  }
  return SPACES[space].toNetwork(SPACES[space].parse(record.arch), record.id)
}

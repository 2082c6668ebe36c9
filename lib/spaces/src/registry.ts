import { executedNetwork, type Network } from '@leti/network'
import { LetiError, type LetiRecord } from '@leti/records'
import { fbnet } from './fbnet/index.js'
import { kernel } from './kernel/index.js'
import { nb101 } from './nb101/index.js'
import { nb201 } from './nb201/index.js'
import { ncnn } from './ncnn/index.js'
import type { Space } from './space.js'
import { zoo } from './zoo/index.js'

/** All search spaces: nothing else lists them. `kernel-sample` takes their examples in this order. */
const ALL: readonly Space<unknown>[] = [zoo, nb201, fbnet, nb101, ncnn, kernel]

export const SPACES: Readonly<Record<string, Space<unknown>>> = Object.fromEntries(
  ALL.map((space) => [space.name, space]),
)

/**
 * The network that a device is given: what a converter leaves of the one that the record's
 * architecture stands for.
 *
 * @throws {LetiError} `bad-arch` where the record has no architecture, or none of a known space;
 *   `unsupported` where nothing is left
 */
export function networkOf(record: LetiRecord): Network {
  const executed = executedNetwork(writtenNetworkOf(record))
  if (executed) return executed
  throw new LetiError('unsupported', 'the output does not depend on the input: nothing to run')
}

/**
 * The network as the authors of its search space write it.
 *
 * @throws {LetiError} `bad-arch` where the record has no architecture, or none of a known space
 */
export function writtenNetworkOf(record: LetiRecord): Network {
  const { space, parsed } = architectureOf(record)
  return space.toNetwork(parsed, record.id)
}

/**
 * The record's search space, and what that makes of its architecture.
 *
 * @throws {LetiError} `bad-arch` where the record has no architecture, or none of a known space
 */
export function architectureOf({ arch }: LetiRecord) {
  if (!arch) throw new LetiError('bad-arch', 'no "arch": nothing says what the network is')
  if (!Object.hasOwn(SPACES, arch.space)) {
    const known = Object.keys(SPACES).join(', ')
    throw new LetiError('bad-arch', `unknown space "${arch.space}"; known: ${known}`)
  }
  const space = SPACES[arch.space]
  return { space, parsed: space.parse(arch) }
}

import { LetiError } from '@leti/records'
import { operatorCosts } from './cost.js'
import type { Network } from './network.js'

/**
 * Checks that the MACs and bytes of a network are few enough to be counted exactly.
 *
 * @throws {LetiError} `bad-arch`
 */
export function checkCountable(network: Network): void {
  let macs = 0
  let bytes = 0
  for (const cost of operatorCosts(network)) {
    macs += cost.macs
    bytes += cost.activation_bytes + cost.weight_bytes
  }
  for (const [total, unit] of [[macs, 'MACs'] as const, [bytes, 'bytes'] as const]) {
    if (total <= Number.MAX_SAFE_INTEGER) continue
    throw new LetiError('bad-arch', `the network is too large: it has ${total} ${unit}`)
  }
}

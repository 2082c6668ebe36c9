import type { FusionTest } from '@leti/features'
import { LetiError } from '@leti/records'
import type { OperatorPair } from '@leti/spaces'
import type { Depths } from './depths.js'

/** How often each network is measured: the device may be disturbed for a while. */
const ROUNDS = 2

/**
 * Measures the two operators of a pair, each by itself and both, and judges.
 *
 * @throws {LetiError} as the device's `measure` does; `model-failed` where the times contradict each other
 */
export async function testPair(
  { first, second, nodes }: OperatorPair,
  depths: Depths,
  alpha: number,
): Promise<FusionTest> {
  const all = [nodes.first, nodes.second, nodes.both]
  for (let round = 0; round < ROUNDS; round++) await depths.measure(all)
  const [first_ms, second_ms, both_ms] = all.map((each) => depths.timeOf(each))
  if (both_ms < Math.max(first_ms, second_ms) / 2) {
    throw new LetiError('model-failed', 'the device is too noisy: both take less than one of them')
  }
  const fused = isFused(first_ms, second_ms, both_ms, alpha)
  return { first, second, first_ms, second_ms, both_ms, fused }
}

/**
 * nn-Meter's rule: both together save more than the share `alpha` of the quicker one. Zhang et al.,
 * MobiSys 2021, section 4.2. What cannot be told from nothing saves nothing.
 */
function isFused(first: number, second: number, both: number, alpha: number): boolean {
  const quicker = Math.min(first, second)
  return quicker > 0 && first + second - both > alpha * quicker
}

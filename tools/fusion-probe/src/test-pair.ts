import type { FusionTest } from '@leti/features'
import type { OperatorPair } from '@leti/spaces'
import type { Depths, Reading } from './depths.js'

/** The device may be disturbed for a while: of so many rounds one may be, and the rest tell. */
const LEAST_ROUNDS = 3
/** After that it is not to be told. */
const MOST_ROUNDS = 8
/** Both together cannot save much more than the quicker one takes. */
const MOST_SAVED = 1.5

/** Of the first operator, of the second, and of both. */
type Round = readonly [Reading, Reading, Reading]

/**
 * Measures the two operators of a pair, each by itself and both, in turns until it can judge: until no
 * single round decides.
 *
 * @throws {LetiError} as the device's `measure` does
 */
export async function testPair(
  { first, second, nodes }: OperatorPair,
  depths: Depths,
  alpha: number,
): Promise<FusionTest> {
  const rounds: Round[] = []
  let fused: boolean | null = null
  while (rounds.length < LEAST_ROUNDS || (fused === null && rounds.length < MOST_ROUNDS)) {
    rounds.push([
      await depths.read(nodes.first),
      await depths.read(nodes.second),
      await depths.read(nodes.both),
    ])
    fused = judge(rounds, depths, alpha)
  }
  const [first_ms, second_ms, both_ms] = timesOf(rounds, depths)
  return { first, second, first_ms, second_ms, both_ms, fused }
}

/** The verdict of all rounds, where it is the same without any one of them. */
function judge(rounds: readonly Round[], depths: Depths, alpha: number): boolean | null {
  const without = rounds.map((round) => rounds.filter((other) => other !== round))
  const saved = [rounds, ...without].map((some) => savedShare(timesOf(some, depths)))
  if (saved.every((share) => share > alpha && share < MOST_SAVED)) return true
  return saved.every((share) => share <= alpha && share > alpha - MOST_SAVED) ? false : null
}

function timesOf(rounds: readonly Round[], depths: Depths): [number, number, number] {
  const time = (which: 0 | 1 | 2): number => depths.timeOf(rounds.map((round) => round[which]))
  return [time(0), time(1), time(2)]
}

/**
 * Share of the quicker one that both save together; not a number where that takes no time. nn-Meter's
 * rule: Zhang et al., MobiSys 2021, section 4.2.
 */
function savedShare([first, second, both]: readonly [number, number, number]): number {
  const quicker = Math.min(first, second)
  return quicker > 0 ? (first + second - both) / quicker : NaN
}

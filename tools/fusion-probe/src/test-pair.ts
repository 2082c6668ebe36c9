import type { MeasuringDevice } from '@leti/devices'
import type { FusionTest } from '@leti/features'
import type { OperatorPair } from '@leti/spaces'
import { readKernel, timeOf, type Reading } from './depths.js'

/** The device may be disturbed for a while: of so many rounds one may be, and the rest tell. */
const LEAST_ROUNDS = 3
/** After that it is not to be told. */
const MOST_ROUNDS = 8
/** Both together cannot save much more than the quicker one takes. */
const MOST_SAVED = 1.5

const PARTS = ['first', 'second', 'both', 'neither'] as const
type Round = Readonly<Record<(typeof PARTS)[number], Reading>>

/**
 * Measures the two operators of a pair, each by itself and both, in turns until it can judge: until no
 * single round decides.
 *
 * @throws {LetiError} as the device's `measure` does
 */
export async function testPair(
  { first, second, nodes }: OperatorPair,
  device: MeasuringDevice,
  alpha: number,
): Promise<FusionTest> {
  const rounds: Round[] = []
  let fused: boolean | null = null
  while (rounds.length < LEAST_ROUNDS || (fused === null && rounds.length < MOST_ROUNDS)) {
    rounds.push(await measureRound(nodes, device))
    fused = judge(rounds, alpha)
  }
  return { first, second, ...timesOf(rounds), fused }
}

async function measureRound(nodes: OperatorPair['nodes'], device: MeasuringDevice): Promise<Round> {
  const round: Partial<Record<keyof Round, Reading>> = {}
  for (const part of PARTS) round[part] = await readKernel(nodes[part], device)
  return round as Round
}

/** The verdict of all rounds, where it is the same without any one of them. */
function judge(rounds: readonly Round[], alpha: number): boolean | null {
  const without = rounds.map((round) => rounds.filter((other) => other !== round))
  const saved = [rounds, ...without].map((some) => savedShare(timesOf(some)))
  if (saved.every((share) => share > alpha && share < MOST_SAVED)) return true
  return saved.every((share) => share <= alpha) ? false : null
}

function timesOf(rounds: readonly Round[]) {
  const time = (part: keyof Round): number => timeOf(rounds.map((round) => round[part]))
  const beside = time('neither')
  return {
    first_ms: time('first') - beside,
    second_ms: time('second') - beside,
    both_ms: time('both') - beside,
  }
}

/**
 * Share of the quicker one that both save together; not a number where that takes no time. nn-Meter's
 * rule: Zhang et al., MobiSys 2021, section 4.2.
 */
function savedShare({ first_ms, second_ms, both_ms }: ReturnType<typeof timesOf>): number {
  const quicker = Math.min(first_ms, second_ms)
  return quicker > 0 ? (first_ms + second_ms - both_ms) / quicker : NaN
}

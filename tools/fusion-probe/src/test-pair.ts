import type { MeasuringDevice } from '@leti/devices'
import type { FusionTest } from '@leti/features'
import type { OperatorPair } from '@leti/spaces'
import { readKernel, timeOf, type Reading } from './depths.js'

/** With at least this many rounds, one may be disturbed and the others still decide. */
const LEAST_ROUNDS = 3
/** After this many rounds, the pair is undecided. */
const MOST_ROUNDS = 8
/** A saving beyond this share of the faster operator is a measuring error. */
const MOST_SAVED = 1.5

const PARTS = ['first', 'second', 'both', 'neither'] as const
type Round = Readonly<Record<(typeof PARTS)[number], Reading>>

/**
 * Tests whether a device fuses a pair of operators. It measures each operator alone and both together, in
 * rounds, until the verdict does not depend on any single round.
 *
 * @param alpha share of the faster operator's time that fusion must save
 * @returns the times in ms; `fused` is `null` if the rounds contradict each other
 * @throws {LetiError} see `MeasuringDevice.measure`
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

/** The verdict of all rounds; `null` if it changes when some round is left out. */
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
 * The time that running both together saves, as a share of the faster operator's time; NaN if that is
 * not positive. This is nn-Meter's rule (Zhang et al., MobiSys 2021, section 4.2).
 */
function savedShare({ first_ms, second_ms, both_ms }: ReturnType<typeof timesOf>): number {
  const faster = Math.min(first_ms, second_ms)
  return faster > 0 ? (first_ms + second_ms - both_ms) / faster : NaN
}

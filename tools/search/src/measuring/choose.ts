import type { LetiRecord } from '@leti/records'
import type { Judged } from '@leti/search'

/** A network to measure. */
export interface Chosen extends Judged {
  /** Whether it is proposed, or may turn out to be better than what is. */
  readonly reason: 'front' | 'uncertain'
}

/**
 * The networks to measure next: by turns the best of the proposed ones, and the most uncertain of those that may
 * be on the front.
 *
 * @param proposed the best first
 * @param possible what would be on the front if each took no longer than its lower bound
 * @param isSettled whether a network was measured
 * @param most how many to choose
 */
export function chosenOf(
  proposed: readonly Judged[],
  possible: readonly Judged[],
  isSettled: (id: string) => boolean,
  most: number,
): Chosen[] {
  const isOpen = ({ record }: Judged): boolean => !isSettled(record.id)
  const known = new Set(proposed.map(({ record }) => record.id))
  const front = proposed.filter(isOpen).map((one) => ({ ...one, reason: 'front' as const }))
  const uncertain = possible
    .filter((one) => isOpen(one) && !known.has(one.record.id))
    .sort((a, b) => widthOf(b.record) - widthOf(a.record))
    .map((one) => ({ ...one, reason: 'uncertain' as const }))
  const turns = Array.from({ length: most }, (_, turn) => [front[turn], uncertain[turn]])
  return turns
    .flat()
    .filter((one) => one !== undefined)
    .slice(0, most)
}

/** Width of the interval, relative to the prediction. */
function widthOf({ prediction }: LetiRecord): number {
  const { latency_ms = 1, low_ms = 0, high_ms = 0 } = prediction ?? {}
  return (high_ms - low_ms) / latency_ms
}

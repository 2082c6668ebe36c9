import { LetiError, type LetiRecord } from '@leti/records'

/**
 * @param limit largest share of the work that may be unknown
 * @throws {LetiError} `out-of-domain` if operators that LETI does not know have more of the work
 */
export function checkKnown({ unknown }: LetiRecord, limit: number): void {
  if (!unknown || unknown.mac_share <= limit) return
  const percent = Math.ceil(100 * unknown.mac_share)
  const names = unknown.operators.slice(0, 5).join(', ')
  throw new LetiError(
    'out-of-domain',
    `about ${percent}% of the work is in operators that LETI does not know (${names}); predict the rest with --max-unknown ${Math.min(percent / 100, 1)}`,
  )
}

import { LetiError, type LetiRecord } from '@leti/records'

/**
 * @param limit largest share of the work that may be unknown
 * @param advice what to do, by the share that would be enough; such as an option of a tool
 * @throws {LetiError} `out-of-domain` if operators that LETI does not know have more of the work
 */
export function checkKnown(
  { unknown }: LetiRecord,
  limit: number,
  advice?: (share: number) => string,
): void {
  if (!unknown || unknown.mac_share <= limit) return
  const percent = Math.ceil(100 * unknown.mac_share)
  const names = unknown.operators.slice(0, 5).join(', ')
  const problem = `about ${percent}% of the work is in operators that LETI does not know (${names})`
  const message = advice ? `${problem}; ${advice(Math.min(percent / 100, 1))}` : problem
  throw new LetiError('out-of-domain', message)
}

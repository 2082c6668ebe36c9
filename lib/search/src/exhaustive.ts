import type { LetiRecord } from '@leti/records'
import type { Judge, Judged } from './judge.js'

/** How many networks are judged at once: enough to keep a program busy that judges them. */
const BATCH = 64

/** Judges each network. */
export async function* exhaustive(
  records: Iterable<LetiRecord> | AsyncIterable<LetiRecord>,
  judge: Judge,
): AsyncGenerator<Judged> {
  let batch: LetiRecord[] = []
  for await (const record of records) {
    batch.push(record)
    if (batch.length < BATCH) continue
    yield* within(await judge(batch))
    batch = []
  }
  yield* within(await judge(batch))
}

function within(judged: readonly (Judged | undefined)[]): Judged[] {
  return judged.filter((one) => one !== undefined)
}

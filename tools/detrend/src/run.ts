import { failedRecord, type Io } from '@leti/pipe'
import { LetiError } from '@leti/records'
import { recordsOf } from './correct.js'
import { Gathered } from './gather.js'
import { report, tableOf } from './report.js'

interface DetrendOptions {
  readonly files: readonly string[]
  readonly report: boolean
  readonly json: boolean
}

/** Writes one record for all visits of a network, or how well the visits agree. */
export async function run({ files, report: reports, json }: DetrendOptions, io: Io): Promise<void> {
  if (json && !reports) throw new LetiError('usage', '--json requires --report')
  const gathered = new Gathered()
  for await (const { record, text, place } of io.records(files)) {
    if (record.error) io.failed = true
    if (record.error || !record.measurement) {
      if (!reports) await io.writeLine(text)
      continue
    }
    try {
      if (!gathered.add(record, place)) io.warn('a visit is there twice: used once', place)
    } catch (error) {
      const failed = failedRecord(io, { record, place }, error)
      if (!reports) await io.write(failed)
    }
  }
  if (io.signal.aborted) return
  const groups = gathered.groups()
  for (const { name, timed, visits } of groups) {
    const missing = 'has no measurement.started_at: the visits count in the order of the input'
    if (!timed && visits.length > 1) io.warn(`${name} ${missing}`)
  }
  if (reports) {
    const rows = groups.map(report)
    await io.writeLine(json ? JSON.stringify(rows, undefined, 2) : tableOf(rows))
    return
  }
  const results = groups.flatMap((group) => recordsOf(group))
  warnOfSingles(results.filter(({ visits }) => visits === 1).length, io)
  results.sort((a, b) => a.index - b.index)
  for (const { record } of results) await io.write(record)
}

function warnOfSingles(count: number, io: Io): void {
  if (!count) return
  const networks = count === 1 ? '1 network has one visit' : `${count} networks have one visit`
  io.warn(`${networks}: the interval is of that sitting alone, not of the device's state`)
}

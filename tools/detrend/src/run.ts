import { failedRecord, type Io } from '@leti/pipe'
import { LetiError } from '@leti/records'
import { recordsOf, type Result } from './correct.js'
import { Gathered, type Group } from './gather.js'
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
  const results = groups.flatMap((group) => {
    const found = recordsOf(group)
    warnOfPool(group, found, io)
    warnOfNoise(group, found, io)
    return found
  })
  const singles = results.filter(
    ({ visits, record }) => visits === 1 && !record.measurement?.quality?.units,
  )
  warnOfSingles(singles.length, io)
  results.sort((a, b) => a.index - b.index)
  for (const { record } of results) await io.write(record)
}

/** Says of a pool of phones what the intervals leave out. */
function warnOfPool({ name, visits }: Group, [first]: readonly Result[], io: Io): void {
  const units = [...new Set(visits.map(({ unit }) => unit))]
  if (units.length === 1 && units[0] !== undefined) {
    io.warn(`${name}: all visits are on ${units[0]}: the intervals do not hold for other phones`)
  } else if (units.length > 1 && !first?.record.measurement?.quality?.units) {
    const how = 'measure some networks on each of them, by visits of one farm submit --pool each'
    io.warn(`${name}: no networks tie its phones together, so there are no intervals: ${how}`)
  }
}

/** Medians that deviate by less are good enough. Chosen with runs on shared and on calm computers in sight. */
const DISTURBED = 0.03

/** Says of medians that they are disturbed if the quickest runs of the same visits are much less so. */
function warnOfNoise({ name }: Group, [first]: readonly Result[], io: Io): void {
  const { noise = 0, min_noise: least = Infinity } = first?.record.measurement?.quality ?? {}
  if (noise < DISTURBED || noise < 2 * least) return
  const [of, ofQuickest] = [noise, least].map((value) => `${(100 * value).toFixed(1)}%`)
  const advice = 'if others share the machine, train --statistic min learns the quickest runs'
  io.warn(
    `${name}: the medians of visits deviate by ${of}, their quickest runs by ${ofQuickest}: ${advice}`,
  )
}

function warnOfSingles(count: number, io: Io): void {
  if (!count) return
  const networks = count === 1 ? '1 network has one visit' : `${count} networks have one visit`
  io.warn(`${networks}: the interval is of that sitting alone, not of the device's state`)
}

import { useRecords, type Io } from '@leti/pipe'
import { LetiError, type Statistic } from '@leti/records'
import { warnOfDifferences } from '../differences.js'
import { FEWEST_RUNS, haveHistory } from './change.js'
import { compare, type Comparison } from './compare.js'
import { lastRunOf, Pairs, type DevicePair } from './gather.js'
import { changeText } from './show.js'

interface Runs {
  readonly files: readonly string[]
  /** The other run, which came before. */
  readonly against: string
  readonly statistic: Statistic
}

/**
 * Compares two runs over the same networks: a row for each device.
 *
 * @throws {LetiError} `usage` if no network is in both runs
 */
export async function comparisonsOf(
  { files, against, statistic }: Runs,
  io: Io,
): Promise<Comparison[]> {
  const pairs = new Pairs(statistic)
  await useRecords(io, [against], (record) => pairs.add(record, 'before'))
  await useRecords(io, files, (record) => pairs.add(record, 'after'))
  if (io.signal.aborted) return []
  const found = pairs.list().flatMap((pair) => {
    const comparison = compare(pair)
    if (comparison) warnOfPair(pair, io)
    return comparison ?? []
  })
  if (found.length) return found
  const devices = pairs.list().map(({ device, before, after }) => {
    return `${device} (${before.size} before, ${after.size} after)`
  })
  const what = `no network is measured on one device in both runs: ${devices.join(', ')}`
  throw new LetiError('usage', `--against ${against}: ${devices.length ? what : 'no measurements'}`)
}

function warnOfPair({ device, before, after, differences }: DevicePair, io: Io): void {
  warnOfDifferences(device, differences.list(), io)
  const all = [...before.values(), ...after.values()]
  const repeated = all.filter((one) => lastRunOf(one) === undefined)
  if (repeated.length) {
    const what = 'measured several times in one run: their medians count, without intervals'
    io.warn(`${device}: ${repeated.length} networks ${what}; run detrend on each run first`)
  }
  const short = [...after].flatMap(([key, now]) => {
    const then = before.get(key)
    return then && !haveHistory(then, now) ? [lastRunOf(then), lastRunOf(now)] : []
  })
  const drifting = short.filter((run) => run?.ci95 && run.isOfOneSitting)
  if (drifting.length) {
    const what = 'intervals are of one sitting, so a drift of the device counts as a change'
    io.warn(`${device}: ${drifting.length} ${what}; use device-run --visits 2 and detrend`)
  }
}

/**
 * Makes the exit code 1 if networks changed, and became slower by more than a percentage.
 *
 * @throws {LetiError} `usage` if nothing can be judged: silence would read as success
 */
export function failAbove(percent: number, comparisons: readonly Comparison[], io: Io): void {
  for (const { device, judged, changed } of comparisons) {
    if (!judged) {
      throw new LetiError(
        'usage',
        `--fail-above: no network of ${device} has intervals in both runs, or ${FEWEST_RUNS} runs`,
      )
    }
    for (const change of changed.filter(({ change_percent }) => change_percent > percent)) {
      io.failed = true
      io.warn(`${device}: slower by more than ${percent}%: ${changeText(change)}`)
    }
  }
}

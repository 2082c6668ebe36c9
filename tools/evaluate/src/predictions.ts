import { useRecords, type Io } from '@leti/pipe'
import { Differences, judgedMetrics, nameOf, OtherMachines, type Judged } from '@leti/predictors'
import { LetiError, measuredLatency, type LetiRecord, type Statistic } from '@leti/records'
import { warnOfDifferences } from './differences.js'
import type { Row } from './row.js'

interface Group {
  readonly device: string
  readonly predictor: string
  readonly pairs: Judged[]
  readonly differences: Differences
  readonly others: OtherMachines
}

/**
 * A row for each device and predictor, and one for each of its bins. It keeps a few numbers per record.
 *
 * @throws {LetiError} `usage` if no record has both a measurement and a prediction
 */
export async function predictionRows(
  files: readonly string[],
  { bins, statistic }: { readonly bins: number; readonly statistic: Statistic },
  io: Io,
): Promise<Row[]> {
  const groups = new Map<string, Group>()
  await useRecords(io, files, (record) => add(groups, record, statistic))
  if (!groups.size)
    throw new LetiError('usage', 'no record has both a measurement and a prediction')
  for (const group of groups.values()) warnOfMachines(group, io)
  return [...groups.values()].flatMap((group) => rowsOf(group, bins))
}

function warnOfMachines({ device, predictor, differences, others }: Group, io: Io): void {
  warnOfDifferences(device, differences.list(), io)
  for (const text of others.list()) io.warn(`${device}, predicted by ${predictor}: ${text}`)
}

function add(groups: Map<string, Group>, record: LetiRecord, statistic: Statistic): void {
  const measured = measuredLatency(record, statistic)
  const { measurement, prediction } = record
  if (measured === undefined || !measurement) throw bad('no "measurement": run device-run first')
  if (!prediction) throw bad('no "prediction": run predict first')
  const { latency_ms: predicted, low_ms, high_ms } = prediction
  if (!(predicted > 0)) throw bad('"prediction.latency_ms" must be a positive number')
  const known = low_ms !== undefined && high_ms !== undefined
  const inside = known ? low_ms <= measured && measured <= high_ms : undefined
  const device = nameOf(measurement)
  const { predictor } = prediction
  const key = JSON.stringify([device, predictor])
  const group = groups.get(key) ?? newGroup(device, predictor)
  group.pairs.push({ measured, predicted, inside })
  group.differences.add(record)
  group.others.add(record)
  groups.set(key, group)
}

function newGroup(device: string, predictor: string): Group {
  return {
    device,
    predictor,
    pairs: [],
    differences: new Differences(),
    others: new OtherMachines(),
  }
}

function rowsOf({ device, predictor, pairs }: Group, bins: number): Row[] {
  const whole = { device, predictor, metrics: judgedMetrics(pairs) }
  if (bins === 1) return [whole]
  const sorted = pairs.toSorted((a, b) => a.measured - b.measured)
  const bound = (bin: number): number => Math.round((bin * sorted.length) / bins)
  const parts = Array.from({ length: bins }, (_, bin) => sorted.slice(bound(bin), bound(bin + 1)))
  return [
    whole,
    ...parts
      .filter((part) => part.length)
      .map((part) => ({
        device,
        predictor,
        from_ms: part[0].measured,
        to_ms: part[part.length - 1].measured,
        metrics: judgedMetrics(part),
      })),
  ]
}

function bad(message: string): LetiError {
  return new LetiError('bad-input', message)
}

import { agreement, detrend, firstPairs, type Detrended, type Visit } from '@leti/measurements'
import { nameOf } from '@leti/predictors'
import { measuredLatency, type LetiRecord, type Measurement } from '@leti/records'
import type { AgreementRow, DifferenceRow, VisitRow } from './data.js'

interface Sitting extends Visit {
  readonly row: number
}

interface Group {
  readonly device: string
  readonly sittings: Sitting[]
  readonly timed: boolean
}

const MS_PER_MINUTE = 60_000

/** Repeated measurements, by device and machine, as `detrend` keeps them. */
export class Visits {
  private readonly groups = new Map<string, Group>()
  private readonly corrected = new Map<string, { row: number; time: number; measured: number }[]>()
  private readonly seen = new Set<string>()

  add(row: number, record: LetiRecord, measurement: Measurement): void {
    const latency_ms = measuredLatency(record)
    const time = Date.parse(measurement.started_at ?? '')
    if (latency_ms === undefined) return
    if (measurement.raw) this.addCorrected(row, measurement, latency_ms, time)
    else this.addSitting(row, record, measurement, { latency_ms, time })
  }

  /** The drift of each device with repeated visits, or that `detrend` has corrected, and how well visits agree. */
  summary(): { drift: VisitRow[]; agreement: AgreementRow[]; differences: DifferenceRow[] } {
    const parts = this.repeated().map((group) => {
      const trend = detrend(group.sittings)
      return { drift: driftOf(group, trend), ...agreementOf(group, trend) }
    })
    const taken = [...this.corrected.values()].flatMap(takenOut)
    return {
      drift: [...parts.flatMap(({ drift }) => drift), ...taken],
      agreement: parts.flatMap(({ agreement }) => agreement),
      differences: parts.flatMap(({ differences }) => differences),
    }
  }

  private addCorrected(
    row: number,
    { device, backend, raw }: Measurement,
    latency_ms: number,
    time: number,
  ): void {
    if (!raw || !Number.isFinite(time)) return
    const key = JSON.stringify([device, backend])
    const known = this.corrected.get(key) ?? []
    known.push({ row, time, measured: percent(raw.median / latency_ms) })
    this.corrected.set(key, known)
  }

  private addSitting(
    row: number,
    { id, arch }: LetiRecord,
    measurement: Measurement,
    { latency_ms, time }: { latency_ms: number; time: number },
  ): void {
    const { device, unit, backend, target, runtime, threads, batch, environment } = measurement
    const machine = [device, unit, backend, environment?.cpu, environment?.gpu]
    const network = JSON.stringify([id, arch, machine, target, runtime, threads, batch])
    const timed = Number.isFinite(time)
    const visit = JSON.stringify([network, time, latency_ms])
    if (timed && this.seen.has(visit)) return
    this.seen.add(visit)
    const key = JSON.stringify([machine, timed])
    const phone = unit === undefined ? device : `${device} (${unit})`
    const name = nameOf({ device: phone, ...(backend !== undefined && { backend }) })
    const group = this.groups.get(key) ?? { device: name, sittings: [], timed }
    group.sittings.push({ row, network, latency_ms, time: timed ? time : group.sittings.length })
    this.groups.set(key, group)
  }

  /** The groups in which some network has two visits: without, drift and networks cannot be told apart. */
  private repeated(): Group[] {
    return [...this.groups.values()].filter(({ sittings }) => {
      return new Set(sittings.map(({ network }) => network)).size < sittings.length
    })
  }
}

function driftOf({ sittings, timed }: Group, trend: Detrended): VisitRow[] {
  const start = sittings.reduce((first, { time }) => Math.min(first, time), Infinity)
  const order = [...sittings.keys()].sort((a, b) => sittings[a].time - sittings[b].time)
  return order.map((i, position) => {
    const { row, network, latency_ms, time } = sittings[i]
    return {
      row,
      order: position + 1,
      ...(timed && { minutes: (time - start) / MS_PER_MINUTE }),
      measured: percent(latency_ms / (trend.networks.get(network)?.latency_ms ?? latency_ms)),
      trend: percent(1 / trend.factors[i]),
    }
  })
}

function takenOut(rows: readonly { row: number; time: number; measured: number }[]): VisitRow[] {
  const sorted = rows.toSorted((a, b) => a.time - b.time)
  return sorted.map(({ row, time, measured }, position) => ({
    row,
    order: position + 1,
    minutes: (time - sorted[0].time) / MS_PER_MINUTE,
    measured,
  }))
}

function agreementOf({ device, sittings }: Group, trend: Detrended) {
  const rowOf = new Map(sittings.map(({ network, row }) => [network, row]))
  const pairs = firstPairs(sittings, trend)
  const differences: DifferenceRow[] = []
  const rows = (['measured', 'detrended'] as const).map((kind): AgreementRow => {
    const [first, second] = [0, 1].map((visit) => pairs.map((pair) => pair[kind][visit]))
    const found = agreement(first, second)
    const bias = Math.log1p(found.bias_percent / 100)
    const visits = kind === 'measured' ? 'as measured' : 'without drift'
    pairs.forEach(({ network }, i) => {
      const difference = 100 * Math.expm1(Math.abs(Math.log(second[i] / first[i]) - bias))
      differences.push({ row: rowOf.get(network) ?? 0, visits, difference })
    })
    return {
      device,
      visits,
      networks: pairs.length,
      agreement: found,
      drift: 100 * trend.drift,
      steps: trend.clockSteps,
    }
  })
  return { agreement: rows, differences }
}

function percent(ratio: number): number {
  return Number((100 * (ratio - 1)).toPrecision(5))
}

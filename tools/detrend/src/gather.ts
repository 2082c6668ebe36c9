import type { Visit } from '@leti/measurements'
import { LetiError, measuredLatency, type LetiRecord, type Measurement } from '@leti/records'
import { autocorrelation } from './autocorrelation.js'

/** What is kept of one record: the samples themselves are not. */
export interface Sitting extends Visit {
  readonly place: string
  readonly latency: Measurement['latency_ms']
  readonly verified: boolean | undefined
  /** Of the samples; absent without. */
  readonly correlation?: number
  readonly flags: readonly string[]
}

export interface Group {
  /** Device and backend, for people. */
  readonly name: string
  /** Whether the visits say when they began. */
  readonly timed: boolean
  /** In the order of the input. */
  readonly visits: Sitting[]
  /** The first record of each network, without its samples, and its place among all networks. */
  readonly networks: Map<string, { readonly record: LetiRecord; readonly index: number }>
}

/** Collects visits by device and backend. */
export class Gathered {
  private readonly byDevice = new Map<string, Group>()
  private readonly seen = new Set<string>()
  private networks = 0
  private count = 0

  /**
   * @returns whether the visit is new: the same record may stand in two files
   * @throws {LetiError} `bad-input` if the record is no visit
   */
  add(record: LetiRecord, place: string): boolean {
    const { measurement } = record
    const latency_ms = measuredLatency(record)
    if (!measurement || latency_ms === undefined) return false
    if (measurement.quality?.visits !== undefined) {
      throw new LetiError(
        'bad-input',
        '"measurement.quality.visits" is there: detrend has made this record',
      )
    }
    const time = timeOf(measurement)
    const group = this.groupOf(measurement, time !== undefined)
    const network = networkOf(record, measurement)
    const { unit } = measurement
    const key = JSON.stringify([network, unit, measurement.started_at, latency_ms])
    if (time !== undefined && this.seen.has(key)) return false
    this.seen.add(key)
    const { latency_ms: latency, verified, samples_ms } = measurement
    const correlation = samples_ms && autocorrelation(samples_ms)
    group.visits.push({
      network,
      time: time ?? this.count++,
      latency_ms,
      place,
      latency,
      verified,
      flags: measurement.quality?.flags ?? [],
      ...(correlation !== undefined && { correlation }),
      ...(unit !== undefined && { unit }),
    })
    if (!group.networks.has(network)) {
      const kept = { ...measurement, samples_ms: undefined }
      group.networks.set(network, {
        record: { ...record, measurement: kept },
        index: this.networks++,
      })
    }
    return true
  }

  groups(): Group[] {
    return [...this.byDevice.values()]
  }

  /** The group of a device or a pool, a backend and a machine. */
  private groupOf({ device, backend, environment }: Measurement, timed: boolean): Group {
    const key = JSON.stringify([device, backend, environment?.cpu, environment?.gpu])
    const known = this.byDevice.get(key)
    if (!known) {
      const name = backend === undefined ? device : `${device}/${backend}`
      const added: Group = { name, timed, visits: [], networks: new Map() }
      this.byDevice.set(key, added)
      return added
    }
    if (known.timed === timed) return known
    const [has, other] = timed ? ['is there', 'lack it'] : ['is missing', 'have it']
    const message = `"measurement.started_at" ${has}: the visits before of ${known.name} ${other}; run detrend on each kind apart`
    throw new LetiError('bad-input', message)
  }
}

/** @throws {LetiError} `bad-input` if the time cannot be read */
function timeOf({ started_at }: Measurement): number | undefined {
  if (started_at === undefined) return undefined
  const time = Date.parse(started_at)
  if (Number.isFinite(time)) return time
  throw new LetiError(
    'bad-input',
    '"measurement.started_at" must be a time, such as 2026-11-23T19:00:00Z',
  )
}

/** Visits of one key are of one network in one setting. */
function networkOf({ id, arch }: LetiRecord, measurement: Measurement): string {
  const { device, target, backend, runtime, threads, batch, environment } = measurement
  const machine = [environment?.cpu, environment?.gpu]
  return JSON.stringify([id, arch, device, target, backend, runtime, threads, batch, machine])
}

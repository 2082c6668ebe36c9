import { medianOf } from '@leti/measurements'
import { Differences, nameOf } from '@leti/predictors'
import {
  LetiError,
  measuredLatency,
  type LetiRecord,
  type Measurement,
  type Statistic,
} from '@leti/records'

/** One record of a network. */
export interface Sitting {
  readonly latency: number
  /** Start in ms; not a number if the record does not say. */
  readonly time: number
  /** 95% interval of the latency, ms. Absent if it is of another statistic. */
  readonly ci95?: readonly [number, number]
  /** Whether the interval is of one sitting, which does not know how the device drifts between sittings. */
  readonly isOfOneSitting: boolean
  /** Whether it is all that a run says of the network, and not one of several visits. */
  readonly isRun: boolean
}

/** A network on one of the two sides that are compared. */
export interface Measured {
  readonly id: string
  /** In the order of time: several runs, such as those of several days, or visits that detrend has not joined. */
  readonly sittings: Sitting[]
}

/** The networks of a device in the two runs, by a key that is the same in both. */
export interface DevicePair {
  readonly device: string
  readonly before: Map<string, Measured>
  readonly after: Map<string, Measured>
  /** What tells the machines, settings and versions of all records apart. */
  readonly differences: Differences
}

/** Collects the two sides by device and backend. */
export class Pairs {
  private readonly byDevice = new Map<string, DevicePair>()

  constructor(private readonly statistic: Statistic) {}

  /** @throws {LetiError} `bad-input` if the record has no latency */
  add(record: LetiRecord, run: 'before' | 'after'): void {
    const { measurement, arch, id } = record
    const latency = measuredLatency(record, this.statistic)
    if (latency === undefined || !measurement) {
      throw new LetiError('bad-input', 'no "measurement": run device-run first')
    }
    const { differences, [run]: networks } = this.pairOf(nameOf(measurement))
    differences.add(record)
    const { threads, batch } = measurement
    const key = JSON.stringify([id, arch, threads, batch])
    const sitting = sittingOf(measurement, latency, this.statistic)
    const known = networks.get(key)
    if (known) insert(known.sittings, sitting)
    else networks.set(key, { id, sittings: [sitting] })
  }

  list(): DevicePair[] {
    return [...this.byDevice.values()]
  }

  private pairOf(device: string): DevicePair {
    const known = this.byDevice.get(device)
    if (known) return known
    const added: DevicePair = {
      device,
      before: new Map(),
      after: new Map(),
      differences: new Differences(),
    }
    this.byDevice.set(device, added)
    return added
  }
}

function sittingOf(
  { latency_ms, quality, started_at, visit }: Measurement,
  latency: number,
  statistic: Statistic,
): Sitting {
  const ci95 = statistic === 'median' ? latency_ms.ci95 : undefined
  return {
    latency,
    time: Date.parse(started_at ?? ''),
    ...(ci95 && { ci95 }),
    isOfOneSitting: (quality?.visits ?? 1) < 2,
    isRun: quality?.visits !== undefined || visit === 1,
  }
}

/** Keeps the order of time; what has no time stays behind what came before. */
function insert(sittings: Sitting[], added: Sitting): void {
  const later = sittings.findIndex(({ time }) => time > added.time)
  sittings.splice(later < 0 ? sittings.length : later, 0, added)
}

export function latencyOf({ sittings }: Measured): number {
  return medianOf(sittings.map(({ latency }) => latency))
}

/** The last of the runs; `undefined` if there are visits that are not joined. */
export function lastRunOf({ sittings }: Measured): Sitting | undefined {
  if (sittings.length > 1 && !sittings.every(({ isRun }) => isRun)) return undefined
  return sittings.at(-1)
}

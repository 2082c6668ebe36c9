import { medianOf } from '@leti/measurements'
import { Differences, nameOf } from '@leti/predictors'
import { LetiError, measuredLatency, type LetiRecord, type Statistic } from '@leti/records'

/** A network in one of the two runs. */
export interface Measured {
  readonly id: string
  /** Of each record: visits that detrend has not joined are several. */
  readonly latencies: number[]
  /** 95% interval of the latency, ms. Absent if it is of another statistic. */
  readonly ci95?: readonly [number, number]
  /** Whether the interval is of one sitting, which does not know how the device drifts between sittings. */
  readonly isOfOneSitting: boolean
}

/** The networks of a device in the two runs, by a key that is the same in both. */
export interface DevicePair {
  readonly device: string
  readonly before: Map<string, Measured>
  readonly after: Map<string, Measured>
  /** What tells the machines, settings and versions of all records apart. */
  readonly differences: Differences
}

/** Collects two runs by device and backend. */
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
    const { threads, batch, quality, latency_ms } = measurement
    const key = JSON.stringify([id, arch, threads, batch])
    const known = networks.get(key)
    if (known) known.latencies.push(latency)
    else {
      const ci95 = this.statistic === 'median' ? latency_ms.ci95 : undefined
      const isOfOneSitting = (quality?.visits ?? 1) < 2
      networks.set(key, { id, latencies: [latency], ...(ci95 && { ci95 }), isOfOneSitting })
    }
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

export function latencyOf({ latencies }: Measured): number {
  return medianOf(latencies)
}

/** The interval; `undefined` if there is none, or it is of one of several visits. */
export function intervalOf({ ci95, latencies }: Measured) {
  return latencies.length === 1 ? ci95 : undefined
}

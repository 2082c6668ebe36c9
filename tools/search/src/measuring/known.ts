import { medianOf } from '@leti/measurements'
import { measuredLatency, type LetiRecord, type Statistic } from '@leti/records'

/** What was measured: it counts more than any prediction. */
export class Known {
  private readonly latencies = new Map<string, number[]>()
  private readonly lastOf = new Map<string, LetiRecord>()
  private readonly failed = new Set<string>()

  /** @param statistic that the predictor predicts */
  constructor(private readonly statistic: Statistic | undefined) {}

  /** Number of networks with a measurement. */
  get count(): number {
    return this.lastOf.size
  }

  /** @throws {LetiError} `bad-input` if the measurement has no usable latency */
  add(record: LetiRecord): void {
    const { id } = record
    const latency = measuredLatency(record, this.statistic)
    if (latency === undefined) {
      this.failed.add(id)
      return
    }
    this.latencies.set(id, [...(this.latencies.get(id) ?? []), latency])
    this.lastOf.set(id, record)
  }

  /** The last measurement of a network, and the median of all; `undefined` without any. */
  of(id: string): (Pick<LetiRecord, 'measurement'> & { readonly latency_ms: number }) | undefined {
    const latencies = this.latencies.get(id)
    if (!latencies) return undefined
    return { measurement: this.lastOf.get(id)?.measurement, latency_ms: medianOf(latencies) }
  }

  hasFailed(id: string): boolean {
    return this.failed.has(id) && !this.latencies.has(id)
  }

  /** Whether to measure a network would tell nothing new. */
  isSettled(id: string): boolean {
    return this.latencies.has(id) || this.failed.has(id)
  }
}

import { LetiError, measuredLatency, type LetiRecord, type Statistic } from '@leti/records'

/** The measurements of one device with one backend and number of threads. */
export interface Run {
  readonly device: string
  readonly backend?: string
  readonly threads?: number
  /** Names of its hardware. Two runs that share a name are not independent. */
  readonly hardware: readonly string[]
  /** Natural logarithms of latencies in ms, by the network's id. */
  readonly logs: Map<string, number>
}

/** Members of a measurement's environment that name hardware. */
const HARDWARE = ['soc', 'cpu', 'gpu'] as const

/** The measurements of many devices, such as a published table. */
export class ReferenceTable {
  private readonly byName = new Map<string, Run>()

  constructor(private readonly statistic: Statistic = 'median') {}

  get runs(): Run[] {
    return [...this.byName.values()]
  }

  /** @throws {LetiError} `bad-input` if the record has no measurement, or no latency above 0 */
  add(record: LetiRecord): void {
    const { measurement } = record
    const latency_ms = measuredLatency(record, this.statistic)
    if (!measurement || latency_ms === undefined) {
      throw new LetiError(
        'bad-input',
        '"measurement" is missing: a reference needs measured records',
      )
    }
    const { device, backend, threads } = measurement
    const name = JSON.stringify([device, backend, threads])
    let run = this.byName.get(name)
    if (!run) {
      const { environment = {} } = measurement
      const named = HARDWARE.flatMap((part) => (environment[part] ? [`${environment[part]}`] : []))
      run = { device, backend, threads, hardware: [device, ...named], logs: new Map() }
      this.byName.set(name, run)
    }
    run.logs.set(record.id, Math.log(latency_ms))
  }
}

/** Whether two runs were measured on the same device, board, processor or GPU. */
export function shareHardware(a: Run, b: Run): boolean {
  return a.hardware.some((name) => b.hardware.includes(name))
}

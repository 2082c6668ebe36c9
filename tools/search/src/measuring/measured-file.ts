import { appendFileSync } from 'node:fs'
import { takeLocks } from '@leti/devices/locks'
import { RecordFile, type Io } from '@leti/pipe'
import { isObject, LetiError, type LetiRecord } from '@leti/records'
import { systemReason } from '@leti/records/files'

const NAMING = { option: '--measured', takes: 'measured records' }

/** What a search says of the networks that it has measured. */
export interface Purpose {
  readonly objective: string
  readonly budget_ms: number
  readonly risk: number
}

/**
 * The file of measurements: at first those that the predictor was trained on. Each new one is appended as soon as it
 * is there, so that the next run goes on where this one was killed.
 */
export class MeasuredFile {
  /** With a measurement, or the error of this run. */
  readonly records: LetiRecord[] = []
  /** The ids of the networks that were measured for the purpose, in all runs. */
  private readonly own = new Set<string>()

  private constructor(
    readonly path: string,
    private readonly purpose: Purpose,
    private readonly isUsed: (record: LetiRecord) => boolean,
    readonly close: () => void,
  ) {}

  /**
   * Waits while another run uses the file.
   *
   * @param isUsed tells measurements of the device from those of others, which stay in the file
   * @throws {LetiError} `usage` if it is no file of records
   */
  static async open(
    path: string,
    inputs: readonly string[],
    purpose: Purpose,
    isUsed: (record: LetiRecord) => boolean,
    io: Io,
  ): Promise<MeasuredFile> {
    const file = await RecordFile.at(path, inputs, NAMING)
    if (!file) throw new LetiError('usage', `--measured ${path}: it keeps nothing`)
    const lock = await takeLocks(await file.locks(), {
      signal: io.signal,
      say: (message) => io.warn(message),
      measured: () => opened.count,
    })
    const opened = new MeasuredFile(path, purpose, isUsed, () => lock.release())
    try {
      await file.read((record) => record.measurement && opened.take(record), io.signal)
      await file.repair()
      return opened
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** How many networks were measured for the purpose. */
  get count(): number {
    return this.own.size
  }

  /** Whether a search has measured any of it: the predictor has not seen those. */
  get hasOwn(): boolean {
    return this.records.some(({ search }) => isObject(search) && search.round !== undefined)
  }

  /** @throws {LetiError} `usage` if it cannot be written */
  append(record: LetiRecord): void {
    try {
      appendFileSync(this.path, `${JSON.stringify(record)}\n`)
    } catch (error) {
      throw new LetiError('usage', `cannot write to ${this.path}: ${systemReason(error)}`)
    }
    this.take(record)
  }

  /** What was measured for the purpose because it was proposed. */
  proposed(): LetiRecord[] {
    return this.records.filter(
      ({ search, measurement }) =>
        measurement && this.isForPurpose(search) && isObject(search) && search.reason === 'front',
    )
  }

  private take(record: LetiRecord): void {
    if (record.measurement && !this.isUsed(record)) return
    this.records.push(record)
    if (this.isForPurpose(record.search)) this.own.add(record.id)
  }

  private isForPurpose(search: unknown): boolean {
    if (!isObject(search) || search.round === undefined) return false
    const { objective, budget_ms, risk } = this.purpose
    return search.objective === objective && search.budget_ms === budget_ms && search.risk === risk
  }
}

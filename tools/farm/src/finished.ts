import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Finished } from '@leti/farm'
import type { RecordFile } from '@leti/pipe'
import type { LetiRecord } from '@leti/records'
import { jobOf } from './resume.js'

const NEWLINE = 0x0a

/** The jobs in the output of collect, also while it grows. */
export class FinishedJobs implements Finished {
  private readonly jobs = new Set<string>()
  /** Bytes of whole lines whose jobs are known. */
  private end = 0

  /** @param path absent: nothing is finished */
  constructor(private readonly path?: string) {}

  has(job: string): boolean {
    return this.jobs.has(job)
  }

  /**
   * Reads the file for the first time.
   *
   * @throws {LetiError} `usage` if it is not a file of records
   */
  async start(file: RecordFile, signal?: AbortSignal): Promise<void> {
    this.end = await file.read((record) => this.jobs.add(jobOf(record)), signal)
  }

  /** Reads what has been added. A line without its newline is not written yet. */
  async update(): Promise<void> {
    if (this.path === undefined || (await sizeOf(this.path)) <= this.end) return
    const added: AsyncIterable<Buffer> = createReadStream(this.path, { start: this.end })
    let rest = Buffer.alloc(0)
    for await (const chunk of added) {
      rest = Buffer.concat([rest, chunk])
      const whole = rest.lastIndexOf(NEWLINE) + 1
      if (whole) this.note(rest.subarray(0, whole - 1).toString())
      rest = rest.subarray(whole)
      this.end += whole
    }
  }

  private note(lines: string): void {
    for (const line of lines.split('\n')) {
      if (line.trim()) this.jobs.add(jobOf(JSON.parse(line) as LetiRecord))
    }
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

import { LetiError } from '@leti/records'
import { within } from './within.js'

/** The time that all work on one network may take together. */
export class TimeLimit {
  private leftMs: number

  /** @param closing ends the work in progress */
  constructor(
    private readonly seconds: number,
    private readonly closing: AbortSignal,
  ) {
    this.leftMs = 1000 * seconds
  }

  get spentMs(): number {
    return 1000 * this.seconds - this.leftMs
  }

  /**
   * Does a part of the work.
   *
   * @param undone what is not done when the time is up: `no CPU reference`
   * @throws {LetiError} `timeout`; `device-lost` if it is ended
   */
  async spend<T>(undone: string, work: (stop: AbortSignal) => Promise<T>): Promise<T> {
    const late = new LetiError('timeout', `${undone} in ${this.seconds} s (--timeout)`)
    const start = performance.now()
    try {
      return await within(this.leftMs, late, this.closing, work)
    } finally {
      this.leftMs -= performance.now() - start
    }
  }
}

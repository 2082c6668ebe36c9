import { EXIT } from './exit.js'

/** Longest time to end after the stop, in seconds, unless the tool asks for more. */
const GRACE_SECONDS = 1

/** The early end of a process: by a signal, or because stdout takes no more. */
export class Stop {
  private readonly controller = new AbortController()
  private seconds = GRACE_SECONDS
  private exitCode: number | undefined

  get signal(): AbortSignal {
    return this.controller.signal
  }

  /** The exit code of the process; `undefined` while it was not stopped. */
  get code(): number | undefined {
    return this.exitCode
  }

  /** Sets the longest time from the stop to the end, for tools that have devices to close. */
  endWithin(seconds: number): void {
    this.seconds = seconds
  }

  /** Asks the tool to end. A second call does not wait for the current work. */
  now(code: number): void {
    if (this.exitCode !== undefined) {
      endNow(this.exitCode)
      return
    }
    this.exitCode = code
    process.exitCode = code
    this.controller.abort()
    this.endLater()
  }

  private endLater(): void {
    const end = (): void => {
      // What the reader of stdout has not taken yet is not thrown away.
      if (process.stdout.writableLength) this.endLater()
      else endNow(this.exitCode ?? EXIT.failed)
    }
    setTimeout(end, 1000 * this.seconds).unref()
  }
}

function endNow(code: number): void {
  // Node ends only when its threads return. One that opens a FIFO without a writer does not.
  process.once('exit', () => {
    if (!process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))) return
    process.removeAllListeners('SIGINT')
    process.kill(process.pid, 'SIGINT')
  })
  process.exit(code)
}

import type { LetiError } from '@leti/records'

/**
 * The end of a process, a tab or a connection, which ends all calls to it. A promise that is raced against
 * every call would keep the result of each; this keeps nothing of calls that are done.
 */
export class Ending {
  /** Why it ended; `undefined` while it goes on. */
  reason: LetiError | undefined
  private readonly calls = new Set<(reason: LetiError) => void>()

  /** Fails the calls in progress and all later ones. Only the first reason counts. */
  end(reason: LetiError): void {
    if (this.reason) return
    this.reason = reason
    for (const fail of this.calls) fail(reason)
  }

  /**
   * The result of a call.
   *
   * @throws {LetiError} the reason if the end comes first
   */
  async before<T>(call: () => Promise<T>): Promise<T> {
    if (this.reason) throw this.reason
    let forget: () => void = () => undefined
    try {
      return await new Promise<T>((resolve, reject) => {
        this.calls.add(reject)
        forget = () => this.calls.delete(reject)
        call().then(resolve, reject)
      })
    } finally {
      forget()
    }
  }
}

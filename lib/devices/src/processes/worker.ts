import { LetiError } from '@leti/records'
import type { Call, Answer } from './answer.js'
import { ProcessGroup, type GroupOptions } from './group.js'

/** A program of LETI in a process of its own. It answers calls, one at a time. */
export interface Worker {
  /**
   * @throws {LetiError} if it ends before it answers
   * @throws what the method throws
   */
  readonly call: (method: string, ...args: unknown[]) => Promise<unknown>
  /** Whether it still answers calls. */
  readonly isAlive: boolean
  /** Kills it; a call in progress fails. */
  end(): Promise<void>
}

/**
 * @param program a module that calls `answerCalls`
 * @param options its name, for error messages
 */
export function startWorker(
  program: string,
  options: Pick<GroupOptions, 'name' | 'memoryLimit'>,
): Worker {
  const group = new ProcessGroup(process.execPath, [program], {
    ...options,
    channels: ['ipc', 'ignore'],
  })
  const { process: child, ending } = group
  const exchange = (call: Call): Promise<unknown> =>
    new Promise((resolve, reject) => {
      child.once('message', (answer: Answer) => {
        if ('error' in answer) reject(errorOf(answer))
        else resolve(answer.result)
      })
      // Fails only if it ends at the same time, which fails the call anyway.
      child.send(call, () => undefined)
    })
  return {
    call: (method, ...args) => ending.before(() => exchange({ method, args })),
    get isAlive() {
      return !ending.reason
    },
    end: () => group.end(),
  }
}

function errorOf({ error, code }: Extract<Answer, { error: string }>): Error {
  return code ? new LetiError(code, error) : new Error(error)
}

import { LetiError } from '@leti/records'
import { execaNode } from 'execa'
import { WORKER } from '../../locations.js'
import type { Request, Response } from './worker.js'

/** A worker process. It answers calls in order. */
export interface Child {
  readonly call: (method: Request['method'], ...args: Request['args']) => Promise<unknown>
  /** Kills it; a call in progress fails with `device-crashed`. */
  kill(): Promise<void>
}

export function startChild(): Child {
  const child = execaNode(WORKER, {
    ipc: true,
    serialization: 'advanced',
    stdin: 'ignore',
    // Runtimes print greetings.
    stdout: 'ignore',
    stderr: 'ignore',
    reject: false,
    forceKillAfterDelay: false,
  })
  const died = child.then(({ exitCode, signal }) => {
    const how = signal ? `signal ${signal}` : `exit code ${exitCode ?? 'unknown'}`
    throw new LetiError('device-crashed', `the Node process died (${how})`)
  })
  // If it dies between two calls, the next call reports it.
  died.catch(() => undefined)

  const exchange = async (request: Request): Promise<unknown> => {
    const answered = new Promise<Response>((resolve) => child.once('message', resolve))
    await child.sendMessage({ ...request })
    const response = await answered
    if ('error' in response) throw new Error(response.error)
    return response.result
  }
  return {
    call: (method, ...args) => Promise.race([exchange({ method, args }), died]),
    kill: async () => {
      child.kill('SIGKILL')
      await child
    },
  }
}

import { fileURLToPath } from 'node:url'
import { LetiError } from '@leti/records'
import { execaNode } from 'execa'
import type { Request, Response } from './worker.js'

/** The worker process; answers come in the order of the calls. */
export interface Child {
  readonly call: (method: Request['method'], ...args: Request['args']) => Promise<unknown>
  /** Kills it. What is under way fails with `device-crashed`. */
  kill(): Promise<void>
}

export function startChild(): Child {
  const worker = fileURLToPath(new URL('worker.js', import.meta.url))
  const child = execaNode(worker, {
    ipc: true,
    serialization: 'advanced',
    stdin: 'ignore',
    // Runtimes greet.
    stdout: 'ignore',
    stderr: 'ignore',
    reject: false,
    forceKillAfterDelay: false,
  })
  const died = child.then(({ exitCode, signal }) => {
    const how = signal ? `signal ${signal}` : `exit code ${exitCode ?? 'unknown'}`
    throw new LetiError('device-crashed', `the Node process died (${how})`)
  })
  // It may die between two calls: then the next one says so.
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

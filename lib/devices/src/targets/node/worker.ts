/**
 * The child process of the `node` target: it runs a runtime's session and answers calls that come as
 * messages. It is a process of its own so that a crash costs one record; it ends when its parent ends.
 */
import { messageOf } from '@leti/records'
import { RUNTIMES } from '../../runtimes/registry.js'
import type { SessionMethod } from '../../runtimes/remote.js'
import type { Session, Started } from '../../runtimes/session.js'

export interface Request {
  readonly method: SessionMethod | 'start'
  readonly args: (string | number)[]
}

export type Response = { readonly result: unknown } | { readonly error: string }

/** What the worker reports once its runtime has started. */
export type WorkerDescription = Omit<Started, 'session'>

let session: Session | undefined

async function start(runtime: string, backend: string): Promise<WorkerDescription> {
  const module = await RUNTIMES[runtime].node?.load()
  if (!module) throw new Error(`${runtime} does not run in Node`)
  const { session: started, ...description } = await module.start(backend)
  session = started
  return description
}

async function answer({ method, args }: Request): Promise<unknown> {
  if (method === 'start') return start(...(args as [string, string]))
  if (!session?.[method]) throw new Error(`the runtime has no ${method}`)
  const calls = session as unknown as Readonly<
    Record<string, (...args: (string | number)[]) => unknown>
  >
  return calls[method](...args)
}

process.on('message', (request: Request) => {
  answer(request).then(
    (result) => process.send?.({ result } satisfies Response),
    (error: unknown) => process.send?.({ error: messageOf(error) } satisfies Response),
  )
})
process.on('disconnect', () => process.exit())

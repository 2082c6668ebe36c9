/**
 * The child process of the `node` target: a runtime's session behind messages. It runs apart, so that
 * a crash costs one record, and ends when its parent does.
 */
import { messageOf } from '@leti/records'
import type { SessionMethod } from '../../runtimes/remote.js'
import type { Session, Started } from '../../runtimes/session.js'

export interface Request {
  readonly method: SessionMethod | 'start'
  readonly args: (string | number)[]
}

export type Response = { readonly result: unknown } | { readonly error: string }

/** What the worker says of itself once its runtime runs. */
export type WorkerDescription = Omit<Started, 'session'>

type Start = (backend: string) => Promise<Started>

const RUNTIMES: Readonly<Record<string, () => Promise<{ start: Start }>>> = {
  tfjs: () => import('../../runtimes/tfjs/node.js'),
  litert: () => import('../../runtimes/litert/node.js'),
}

let session: Session | undefined

async function start(runtime: string, backend: string): Promise<WorkerDescription> {
  const module = await RUNTIMES[runtime]()
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

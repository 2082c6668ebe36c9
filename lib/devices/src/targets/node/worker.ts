/**
 * The worker process of the `node` target: it runs a runtime's session. It is a process of its own so that
 * a crash costs one record.
 */
import { answerCalls } from '../../processes/answer.js'
import { RUNTIMES } from '../../runtimes/registry.js'
import { timeRunsBy, type RunClock } from '../../runtimes/run-clock.js'
import type { Session, Started } from '../../runtimes/session.js'

/** What the worker reports once its runtime has started. */
export type WorkerDescription = Omit<Started, 'session'>

let session: Session | undefined

async function start(
  runtime: string,
  backend: string,
  clock: RunClock = 'wall',
): Promise<WorkerDescription> {
  if (clock === 'cpu') timeRunsBy(cpuTime)
  const module = await RUNTIMES[runtime].node?.load()
  if (!module) throw new Error(`${runtime} does not run in Node`)
  const { session: started, ...description } = await module.start(backend)
  session = started
  return description
}

/** CPU time of all threads of this process, ms. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

answerCalls(async ({ method, args }) => {
  if (method === 'start') return start(...(args as [string, string, RunClock?]))
  const calls = session as Readonly<Record<string, (...args: unknown[]) => unknown>> | undefined
  if (!calls?.[method]) throw new Error(`the runtime has no ${method}`)
  return calls[method](...args)
})

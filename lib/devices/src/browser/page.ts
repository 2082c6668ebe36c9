/**
 * The page that measures in a browser: a runtime's session as a global, which the host calls through
 * the DevTools protocol. Bundled for the browser by the build, a chunk for each runtime.
 */
import type { Session, Started } from '../runtimes/session.js'

/** What the page says of itself once its runtime runs. */
export interface PageDescription extends Omit<Started, 'session'> {
  readonly isolated: boolean
}

/** The globals that the host uses. */
export interface LetiPage {
  start(runtime: string, backend: string, threads: number): Promise<PageDescription>
  session?: Session
}

type Start = (backend: string, threads: number) => Promise<Started>

const RUNTIMES: Readonly<Record<string, () => Promise<{ start: Start }>>> = {
  tfjs: () => import('../runtimes/tfjs/page.js'),
  litert: () => import('../runtimes/litert/page.js'),
}

const page: LetiPage = {
  async start(runtime, backend, threads) {
    const { start } = await RUNTIMES[runtime]()
    const { session, ...description } = await start(backend, threads)
    page.session = session
    return { ...description, isolated: crossOriginIsolated }
  },
}
Object.assign(globalThis, { leti: page })

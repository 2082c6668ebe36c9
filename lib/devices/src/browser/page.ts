/**
 * The page that measures in a browser: it offers a runtime's session as a global, which the host calls
 * through the DevTools protocol. The build bundles it for browsers, with one chunk per runtime.
 */
import { RUNTIMES } from '../runtimes/registry.js'
import type { Session, Started } from '../runtimes/session.js'

/** What the page reports once its runtime has started. */
export interface PageDescription extends Omit<Started, 'session'> {
  /** Whether the page is cross-origin isolated. */
  readonly isolated: boolean
}

/** The globals that the host uses. */
export interface LetiPage {
  start(runtime: string, backend: string, threads: number): Promise<PageDescription>
  session?: Session
}

const page: LetiPage = {
  async start(runtime, backend, threads) {
    const module = await RUNTIMES[runtime].page?.load()
    if (!module) throw new Error(`${runtime} does not run in a browser`)
    const wasmUrl = `${runtime}/`
    const { session, ...description } = await module.start({ backend, threads, wasmUrl })
    page.session = session
    return { ...description, isolated: crossOriginIsolated }
  },
}
Object.assign(globalThis, { leti: page })

import { RUNTIMES } from '../runtimes/registry.js'
import type { Session, Started } from '../runtimes/session.js'

/** What a page reports once its runtime has started. */
export interface PageDescription extends Omit<Started, 'session'> {
  /** Whether the page is cross-origin isolated. */
  readonly isolated: boolean
}

/** A page that measures: a runtime in a browser. */
export class LetiPage {
  session?: Session

  /** Starts a runtime, and describes it. */
  async start(runtime: string, backend: string, threads: number): Promise<PageDescription> {
    const module = await RUNTIMES[runtime].page?.load()
    if (!module) throw new Error(`${runtime} does not run in a browser`)
    const wasmUrl = `${runtime}/`
    const { session, ...description } = await module.start({ backend, threads, wasmUrl })
    this.session = session
    return { ...description, isolated: crossOriginIsolated }
  }
}

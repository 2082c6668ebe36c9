import { LetiError } from '@leti/records'
import type { Ending } from '../processes/ending.js'
import type { CallSession } from '../runtimes/remote.js'
import type { DeviceDescription } from '../target.js'
import type { PageDescription } from './leti-page.js'

/** A browser tab with LETI's page in it. */
export interface Tab {
  /** Evaluates an expression in the page. If its value is a promise, waits for it. */
  evaluate(expression: string): Promise<unknown>
  /** The end of the tab or its browser: `device-crashed` or `device-lost`. */
  readonly ending: Ending
  /** Whether the tab is known to have ended. */
  isGone(): boolean
}

/** Starts a runtime in the page. */
export async function startRuntime(
  tab: Tab,
  runtime: string,
  backend: string,
  threads: number,
): Promise<PageDescription> {
  const args = JSON.stringify([runtime, backend, threads])
  return (await untilDead(tab, `leti.start(...${args})`)) as PageDescription
}

/** Calls the page's session; a crash of the tab or the browser ends the call. */
export function sessionCaller(tab: Tab): CallSession {
  return (method, ...args) => untilDead(tab, `leti.session.${method}(...${JSON.stringify(args)})`)
}

async function untilDead(tab: Tab, expression: string): Promise<unknown> {
  try {
    return await tab.ending.before(() => tab.evaluate(expression))
  } catch (error) {
    if (!tab.isGone()) throw error
    // The call often fails a moment before the event that tells why.
    throw tab.ending.reason ?? new LetiError('device-crashed', 'the browser died', { cause: error })
  }
}

/** The description of a device that measures in a page. */
export function describePage(
  page: PageDescription,
  backend: string,
  environment: DeviceDescription['environment'],
): DeviceDescription {
  const { runtime, threads, gpu, isolated } = page
  return {
    runtime,
    backend,
    threads,
    environment: { ...environment, ...(gpu && { gpu }), cross_origin_isolated: isolated },
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import { LetiError, messageOf } from '@leti/records'
import type { Browser, Page } from 'puppeteer-core'
import { hostEnvironment } from '../../host.js'
import type {
  DeviceConfig,
  DeviceDescription,
  DeviceState,
  OpenDevice,
  Target,
} from '../../target.js'
import { runInSession, type CallSession, type SessionMethod } from '../../tfjs/remote.js'
import { findExecutable, hasGpu, missingBrowser, openBrowser } from './browser.js'
import type { LetiPage, PageDescription } from './page.js'
import { startServer, type PageServer } from './server.js'

declare const leti: LetiPage

/** A Chromium or Chrome on this computer: TensorFlow.js in a page. */
export const chromium: Target = {
  backends: ['wasm', 'webgl', 'webgpu', 'cpu'],
  settings: ['threads', 'executable', 'endpoint'],
  referenceBackend: (backend) => (backend === 'wasm' ? 'cpu' : 'wasm'),
  open: openChromium,
  state: browserState,
}

async function openChromium(device: DeviceConfig): Promise<OpenDevice> {
  const backend = device.backend ?? chromium.backends[0]
  const browser = await openBrowser(device)
  const opened: { server?: PageServer; page?: Page } = {}
  const close = async (): Promise<void> => {
    opened.server?.close()
    await closeBrowser(browser, opened.page)
  }
  try {
    const server = (opened.server = await startServer())
    const page = (opened.page = await browser.newPage())
    const description = await openPage(page, server.url, backend, device.threads ?? 1)
    const version = await browser.version()
    const call = sessionCaller(browser, page)
    return {
      describe: () => describe(description, backend, version),
      run: (modelPath, protocol) => runInSession(call, server.offer(modelPath), protocol),
      close,
    }
  } catch (error) {
    await close()
    throw new LetiError('device-lost', `cannot open ${backend}: ${messageOf(error)}`)
  }
}

async function openPage(
  page: Page,
  url: string,
  backend: string,
  threads: number,
): Promise<PageDescription> {
  if (threads > 1) await allowThreads(page, threads)
  await page.goto(url)
  return page.evaluate((name, count) => leti.start(name, count), backend, threads)
}

/** tfjs uses half of the processors that the browser reports at most. */
async function allowThreads(page: Page, threads: number): Promise<void> {
  const session = await page.createCDPSession()
  await session.send('Emulation.setHardwareConcurrencyOverride', {
    hardwareConcurrency: 2 * threads,
  })
}

/** Calls the page's session; a crash of the page or the browser ends the call. */
function sessionCaller(browser: Browser, page: Page): CallSession {
  const died = new Promise<never>((_resolve, reject) => {
    const fail = (what: string) => () => reject(new LetiError('device-crashed', what))
    page.once('error', fail('the page crashed'))
    page.once('close', fail('the page was closed'))
    browser.once('disconnected', fail('the browser died'))
  })
  // It may die between two calls: then the next one says so.
  died.catch(() => undefined)
  return async (method, ...args) => {
    const answer = page.evaluate(callSession, method, args)
    try {
      return await Promise.race([answer, died])
    } catch (error) {
      if (browser.connected && !page.isClosed()) throw error
      // The call often fails a moment before the event that says why.
      throw new LetiError('device-crashed', 'the browser died', { cause: error })
    }
  }
}

/** Runs in the page. */
function callSession(method: SessionMethod, args: (string | number)[]): unknown {
  return (leti.session[method] as (...args: (string | number)[]) => unknown)(...args)
}

function describe(page: PageDescription, backend: string, version: string): DeviceDescription {
  const { runtime, threads, gpu, isolated } = page
  return {
    runtime,
    backend,
    threads,
    environment: {
      ...hostEnvironment(),
      browser: version,
      ...(gpu && { gpu }),
      cross_origin_isolated: isolated,
    },
  }
}

/** A browser that hangs is not waited for. */
const CLOSE_MS = 3000

async function closeBrowser(browser: Browser, page: Page | undefined): Promise<void> {
  const launched = browser.process()
  const closed = launched ? browser.close() : page?.close().then(() => browser.disconnect())
  const late = delay(CLOSE_MS, undefined, { ref: false })
  await Promise.race([Promise.resolve(closed).catch(() => undefined), late])
  launched?.kill('SIGKILL')
}

async function browserState(device: DeviceConfig): Promise<DeviceState> {
  if (device.endpoint) return { state: 'ready', detail: `a running browser: ${device.endpoint}` }
  const executable = await findExecutable(device)
  return executable
    ? { state: 'ready', detail: `${executable}, ${hasGpu() ? 'GPU' : 'software GPU'}` }
    : { state: 'unavailable', detail: missingBrowser(device) }
}

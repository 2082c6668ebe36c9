import { setTimeout as delay } from 'node:timers/promises'
import { asLetiError, LetiError, messageOf } from '@leti/records'
import type { Browser, Page } from 'puppeteer-core'
import { describePage, sessionCaller, startRuntime, type Tab } from '../../browser/open-page.js'
import { startServer, type PageServer } from '../../browser/server.js'
import { HOST, hostEnvironment } from '../../host.js'
import { pageOffers } from '../../runtimes/offers.js'
import { runInSession } from '../../runtimes/remote.js'
import type { DeviceState, OpenContext, OpenDevice, Target } from '../../target.js'
import { findExecutable, hasGpu, missingBrowser, openBrowser } from './browser.js'
import { settings, type ChromiumDevice } from './settings.js'

/** Chromium or Chrome on this computer: a runtime in a page. */
export const chromium: Target<typeof settings> = {
  runtimes: pageOffers(),
  settings,
  machine: () => Promise.resolve(HOST),
  open: openChromium,
  state: browserState,
}

async function openChromium(device: ChromiumDevice, { signal }: OpenContext): Promise<OpenDevice> {
  const { runtime, backend } = device
  const { threads = 1 } = device.settings
  const browser = await openBrowser(device)
  const opened: { server?: PageServer; page?: Page } = {}
  let closed: Promise<void> | undefined
  // Only once: puppeteer kills a browser that is closed twice, and its pipe breaks.
  const close = (): Promise<void> => {
    opened.server?.close()
    return (closed ??= closeBrowser(browser, opened.page))
  }
  signal.addEventListener('abort', () => void close())
  try {
    const server = (opened.server = await startServer())
    const page = (opened.page = await browser.newPage())
    if (threads > 1) await allowThreads(page, threads)
    await page.goto(`http://127.0.0.1:${server.port}${server.path}`)
    const tab = tabOf(browser, page)
    const started = await startRuntime(tab, runtime, backend, threads)
    const environment = { ...hostEnvironment(), browser: await browser.version() }
    const call = sessionCaller(tab)
    return {
      describe: () => describePage(started, backend, environment),
      run: (modelPath, protocol) => runInSession(call, server.offer(modelPath), protocol),
      close,
    }
  } catch (error) {
    await close()
    throw (
      asLetiError(error) ??
      new LetiError('device-lost', `cannot open ${runtime} ${backend}: ${messageOf(error)}`)
    )
  }
}

/** tfjs uses at most half of the processors that the browser reports. */
async function allowThreads(page: Page, threads: number): Promise<void> {
  const session = await page.createCDPSession()
  await session.send('Emulation.setHardwareConcurrencyOverride', {
    hardwareConcurrency: 2 * threads,
  })
}

function tabOf(browser: Browser, page: Page): Tab {
  const died = new Promise<never>((_resolve, reject) => {
    const fail = (what: string) => () => reject(new LetiError('device-crashed', what))
    page.once('error', fail('the page crashed'))
    page.once('close', fail('the page was closed'))
    browser.once('disconnected', fail('the browser died'))
  })
  // If it dies between two calls, the next call reports it.
  died.catch(() => undefined)
  return {
    evaluate: (expression) => page.evaluate(expression),
    died,
    isGone: () => !browser.connected || page.isClosed(),
  }
}

/** The longest wait for a browser to close; then it is killed. */
const CLOSE_MS = 3000

async function closeBrowser(browser: Browser, page: Page | undefined): Promise<void> {
  const launched = browser.process()
  const closed = launched ? browser.close() : page?.close().then(() => browser.disconnect())
  const late = delay(CLOSE_MS, undefined, { ref: false })
  await Promise.race([Promise.resolve(closed).catch(() => undefined), late])
  launched?.kill('SIGKILL')
}

async function browserState(device: ChromiumDevice): Promise<DeviceState> {
  const { endpoint } = device.settings
  if (endpoint) return { state: 'ready', detail: `a running browser: ${endpoint}` }
  const executable = await findExecutable(device)
  return executable
    ? { state: 'ready', detail: `${executable}, ${hasGpu() ? 'GPU' : 'software GPU'}` }
    : { state: 'unavailable', detail: missingBrowser(device) }
}

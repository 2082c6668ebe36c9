import { asLetiError, LetiError, messageOf } from '@leti/records'
import type { Page } from 'puppeteer-core'
import { describePage, sessionCaller, startRuntime, type Tab } from '../../browser/open-page.js'
import { startServer } from '../../browser/server.js'
import { Cleanup } from '../../cleanup.js'
import { HOST, hostEnvironment } from '../../host/host.js'
import type { Ending } from '../../processes/ending.js'
import { pageOffers } from '../../runtimes/offers.js'
import { runInSession } from '../../runtimes/remote.js'
import type { DeviceState, OpenContext, OpenDevice, Target } from '../../target.js'
import { hasGpu, openBrowser, type OpenBrowser } from './browser.js'
import { findExecutable, missingBrowser } from './executable.js'
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
  const opened = await openBrowser(device, signal)
  const cleanup = new Cleanup()
  cleanup.add(() => opened.end())
  const close = (): Promise<void> => cleanup.run()
  signal.addEventListener('abort', () => void close())
  try {
    const page = await opened.ending.before(() => openPage(device, opened, cleanup))
    return { ...page, close }
  } catch (error) {
    await close()
    const { runtime, backend } = device
    throw (
      asLetiError(error) ??
      new LetiError('device-lost', `cannot open ${runtime} ${backend}: ${messageOf(error)}`)
    )
  }
}

/** Opens LETI's page. Each step adds to `cleanup` how it is undone. */
async function openPage(
  { runtime, backend, settings: { threads = 1, endpoint } }: ChromiumDevice,
  { browser, ending }: OpenBrowser,
  cleanup: Cleanup,
): Promise<Pick<OpenDevice, 'describe' | 'run'>> {
  const server = await startServer(runtime)
  cleanup.add(() => server.close())
  const page = await browser.newPage()
  // A browser that was started here ends with its pages.
  if (endpoint) cleanup.add(() => page.close())
  if (threads > 1) await allowThreads(page, threads)
  await page.goto(`http://127.0.0.1:${server.port}${server.path}`)
  const tab = tabOf(page, ending)
  const started = await startRuntime(tab, runtime, backend, threads)
  const environment = { ...hostEnvironment(), browser: await browser.version() }
  const call = sessionCaller(tab)
  return {
    describe: () => describePage(started, backend, environment),
    run: async (modelPath, protocol) => runInSession(call, await server.offer(modelPath), protocol),
  }
}

/** tfjs uses at most half of the processors that the browser reports. */
async function allowThreads(page: Page, threads: number): Promise<void> {
  const session = await page.createCDPSession()
  await session.send('Emulation.setHardwareConcurrencyOverride', {
    hardwareConcurrency: 2 * threads,
  })
}

/** @param ending of the browser, which the end of the page ends too */
function tabOf(page: Page, ending: Ending): Tab {
  const end = (what: string) => (): void => ending.end(new LetiError('device-crashed', what))
  page.once('error', end('the page crashed'))
  page.once('close', end('the page was closed'))
  return {
    evaluate: (expression) => page.evaluate(expression),
    ending,
    isGone: () => ending.reason !== undefined || page.isClosed(),
  }
}

async function browserState(device: ChromiumDevice): Promise<DeviceState> {
  const { endpoint } = device.settings
  if (endpoint) return { state: 'ready', detail: `a running browser: ${endpoint}` }
  const executable = await findExecutable(device)
  return executable
    ? { state: 'ready', detail: `${executable}, ${hasGpu() ? 'GPU' : 'software GPU'}` }
    : { state: 'unavailable', detail: missingBrowser(device) }
}

import { asLetiError, LetiError, messageOf } from '@leti/records'
import { Adb } from '../../adb/adb.js'
import { conditionsEnvironment, describePhone, readConditions } from '../../adb/phone.js'
import { phoneState } from '../../adb/state.js'
import { awaitCooldown } from '../../adb/thermal.js'
import { awaitPhone } from '../../adb/wait.js'
import { wakeUp } from '../../adb/wake-up.js'
import { describePage, sessionCaller, startRuntime } from '../../browser/open-page.js'
import { startServer } from '../../browser/server.js'
import { backendOf, runtimeOf } from '../../runtimes/choice.js'
import { runInSession } from '../../runtimes/remote.js'
import type { DeviceConfig, OpenDevice, Opening, Target } from '../../target.js'
import { openPhoneBrowser } from './browser.js'
import { Cleanup } from './cleanup.js'
import { pageUrl, removeLeftovers } from './leftovers.js'
import { attach } from './tab.js'

const CHROME = 'com.android.chrome'

/** Chrome on an Android phone, through adb: a runtime in a page. */
export const androidChrome: Target = {
  runtimes: {
    tfjs: { format: 'tfjs', backends: ['webgpu', 'webgl', 'wasm', 'cpu'], profiles: true },
    litert: { format: 'tflite', backends: ['webgpu', 'wasm'], profiles: false },
  },
  settings: ['threads', 'serial', 'package'],
  open: openPhoneChrome,
  state: ({ serial }) => phoneState(serial),
}

async function openPhoneChrome(device: DeviceConfig, how: Opening): Promise<OpenDevice> {
  const closing = new AbortController()
  const serial = await awaitPhone(device.serial, how)
  const adb = new Adb(serial, AbortSignal.any([closing.signal, how.signal]))
  const cleanup = new Cleanup()
  const close = async (): Promise<void> => {
    closing.abort()
    await cleanup.run()
  }
  try {
    const opened = await openPage(device, adb, cleanup)
    return { ...opened, machine: serial, coolDown: (seconds) => awaitCooldown(adb, seconds), close }
  } catch (error) {
    await close()
    throw asLetiError(error) ?? new LetiError('device-lost', messageOf(error), { cause: error })
  }
}

/** Opens LETI's page on the phone; `cleanup` learns how to undo each step as soon as it is done. */
async function openPage(
  device: DeviceConfig,
  adb: Adb,
  cleanup: Cleanup,
): Promise<Pick<OpenDevice, 'describe' | 'run'>> {
  const runtime = runtimeOf(androidChrome, device)
  const backend = backendOf(androidChrome, device)
  const threads = device.threads ?? 1

  const phone = await describePhone(adb)
  await wakeUp(adb)
  const browser = await openPhoneBrowser(adb, device.package ?? CHROME)
  cleanup.add(() => adb.removeForward(browser.port))
  await removeLeftovers(adb, browser.devTools)
  const server = await startServer()
  cleanup.add(() => server.close())
  const port = await adb.reverse(server.port)
  cleanup.add(() => adb.removeReverse(port))

  const { devTools } = browser
  const id = await devTools.open('about:blank')
  cleanup.add(() => devTools.close(id))
  const tab = await attach(devTools.socketOf(id))
  cleanup.add(() => tab.close())
  if (threads > 1) await tab.reportProcessors(2 * threads)
  await tab.load(pageUrl(port, server.path, browser.port))
  const started = await startRuntime(tab, runtime, backend, threads)

  const environment = { ...phone, browser: browser.version }
  const call = sessionCaller(tab)
  return {
    describe: () => describePage(started, backend, environment),
    run: async (modelPath, protocol) => {
      const before = await readConditions(adb)
      await wakeUp(adb)
      await devTools.activate(id)
      const wake_lock = await tab.keepInFront()
      const run = await runInSession(call, server.offer(modelPath), protocol)
      const after = await readConditions(adb)
      return { ...run, environment: { ...conditionsEnvironment(before, after), wake_lock } }
    },
  }
}

import { asLetiError, LetiError, messageOf } from '@leti/records'
import { Adb } from '../../adb/adb.js'
import { batteryPercent } from '../../adb/battery.js'
import { fixPerformance, releasePerformance } from '../../adb/fixed-performance.js'
import { conditionsEnvironment, describePhone, readConditions } from '../../adb/phone.js'
import { noteOf, removeLeftovers } from '../../adb/leftovers.js'
import { phoneMachine } from '../../adb/machine.js'
import { PhoneFolder } from '../../adb/phone-folder.js'
import { PHONE_NAME } from '../../adb/phone-name.js'
import { phoneState } from '../../adb/state.js'
import { awaitCooldown } from '../../adb/thermal.js'
import { awaitPhone } from '../../adb/wait.js'
import { wakeUp } from '../../adb/wake-up.js'
import { describePage, sessionCaller, startRuntime } from '../../browser/open-page.js'
import { startServer } from '../../browser/server.js'
import { pageOffers } from '../../runtimes/offers.js'
import { runInSession } from '../../runtimes/remote.js'
import { count, packageName, type ValuesOf } from '../../settings.js'
import { CHARGE, REST } from '../../sparing.js'
import type { DeviceConfig, OpenContext, OpenDevice, Target } from '../../target.js'
import { freePort } from './free-port.js'
import { openPhoneBrowser } from './browser.js'
import { Cleanup } from '../../cleanup.js'
import { closeLeftTabs, tabAddress } from './tab-address.js'
import { attach } from './tab.js'

const CHROME = 'com.android.chrome'

/** What devices.yaml may say about a device of this target. */
const settings = {
  serial: PHONE_NAME,
  package: packageName(`the phone's browser; default: ${CHROME}`),
  threads: count('threads of the wasm backend', 'wasm'),
  rest: REST,
  charge: CHARGE,
}

type Device = DeviceConfig<ValuesOf<typeof settings>>

/** Chrome on an Android phone, through adb: a runtime in a page. */
export const androidChrome: Target<typeof settings> = {
  runtimes: pageOffers(['webgpu', 'webgl']),
  settings,
  machine: (device, signal) => phoneMachine(device.settings.serial, signal),
  open: openPhoneChrome,
  state: (device, signal) => phoneState(device.settings.serial, signal),
}

async function openPhoneChrome(device: Device, context: OpenContext): Promise<OpenDevice> {
  const closing = new AbortController()
  const phone = await awaitPhone(device.settings.serial, context)
  const adb = new Adb(phone, AbortSignal.any([closing.signal, context.signal]))
  const cleanup = new Cleanup()
  const close = async (): Promise<void> => {
    closing.abort()
    await cleanup.run()
  }
  try {
    const opened = await openPage(device, adb, cleanup, context.fixedPerformance ?? false)
    return {
      ...opened,
      coolDown: (seconds) => awaitCooldown(adb, seconds),
      batteryPercent: () => batteryPercent(adb),
      close,
    }
  } catch (error) {
    await close()
    throw asLetiError(error) ?? new LetiError('device-lost', messageOf(error), { cause: error })
  }
}

/** Opens LETI's page on the phone. Each step adds to `cleanup` how it is undone. */
async function openPage(
  { runtime, backend, settings: { threads = 1, package: browserPackage = CHROME } }: Device,
  adb: Adb,
  cleanup: Cleanup,
  fixed: boolean,
): Promise<Pick<OpenDevice, 'describe' | 'run'>> {
  const server = await startServer(runtime)
  cleanup.add(() => server.close())
  const forwarded = await freePort()
  const folder = new PhoneFolder(adb)
  cleanup.add(() => folder.destroy())
  const ports = [noteOf.forward(forwarded), noteOf.reverse(server.port)]
  await folder.create(fixed ? [...ports, noteOf.fixedPerformance] : ports)
  const goingOn = await removeLeftovers(adb, folder)

  const phone = await describePhone(adb)
  if (fixed) cleanup.add(() => releasePerformance(adb, folder))
  const fixed_performance = fixed && (await fixPerformance(adb, phone.sdk))
  await wakeUp(adb)
  cleanup.add(() => adb.removeForward(forwarded))
  const browser = await openPhoneBrowser(adb, browserPackage, forwarded)
  await closeLeftTabs(browser.devTools, goingOn)
  const port = await adb.reverse(server.port)
  cleanup.add(() => adb.removeReverse(port))

  const { devTools } = browser
  const id = await devTools.open(tabAddress.empty(folder.name))
  cleanup.add(() => devTools.close(id))
  const tab = await attach(devTools.socketOf(id))
  cleanup.add(() => tab.close())
  if (threads > 1) await tab.reportProcessors(2 * threads)
  await tab.load(tabAddress.page(folder.name, port, server.path))
  const started = await startRuntime(tab, runtime, backend, threads)

  const environment = { ...phone, fixed_performance, browser: browser.version }
  const call = sessionCaller(tab)
  return {
    describe: () => describePage(started, backend, environment),
    run: async (modelPath, protocol) => {
      const [before] = await Promise.all([readConditions(adb), folder.touch()])
      await wakeUp(adb)
      await devTools.activate(id)
      const wake_lock = await tab.keepInFront()
      const run = await runInSession(call, await server.offer(modelPath), protocol)
      const after = await readConditions(adb)
      return { ...run, environment: { ...conditionsEnvironment(before, after), wake_lock } }
    },
  }
}

import { randomUUID } from 'node:crypto'
import { asLetiError, LetiError, messageOf } from '@leti/records'
import { describePage } from '../../browser/open-page.js'
import { HOST } from '../../host/host.js'
import type { Protocol } from '../../protocol.js'
import { pageOffers } from '../../runtimes/offers.js'
import { runInSession, type CallSession } from '../../runtimes/remote.js'
import { latencyStatistics } from '../../statistics.js'
import type { OpenContext, OpenDevice, Run, Target } from '../../target.js'
import { isLoopback } from './address.js'
import { RESULTS, startOf, type PageStart } from './answers.js'
import { listenOf, settings, waitOf, type WebDevice } from './settings.js'
import { Station } from './station.js'
import type { Visitor } from './visitor.js'

/** Any browser that opens a link and is paired: a runtime in a page that a person holds. */
export const web: Target<typeof settings> = {
  runtimes: pageOffers(),
  settings,
  // Nobody knows which machine will join: each device is one. A browser on this computer disturbs others here.
  machine: (device) =>
    Promise.resolve(isLoopback(listenOf(device).host) ? HOST : `web-${randomUUID()}`),
  wait: waitOf,
  open: openWeb,
  // Nobody is asked to open a link for it by a script that measures on all devices that are ready.
  state: () =>
    Promise.resolve({
      state: 'unavailable',
      detail: 'no browser has joined; a run prints a link for one',
    }),
}

/** The servers of devices that are in use, by the life of the device: a lost page comes back to its server. */
const stations = new WeakMap<AbortSignal, Promise<Station>>()

function stationOf(device: WebDevice, context: OpenContext): Promise<Station> {
  const { signal, life = signal, progress = { measured: 0 }, restarts } = context
  const known = stations.get(life)
  if (known) return known
  const started = Station.start(device, {
    progress,
    restarts,
    say: (text) => context.say?.(text),
  })
  stations.set(life, started)
  life.addEventListener('abort', () => {
    started.then((station) => station.end()).catch(() => undefined)
  })
  return started
}

async function openWeb(device: WebDevice, context: OpenContext): Promise<OpenDevice> {
  const station = await stationOf(device, context)
  const visitor = await station.page(context.signal)
  const started = await startPage(visitor, device)
  const { page, browser } = started
  const environment = {
    browser: browser.agent,
    ...(browser.system && { os: browser.system }),
    ...(browser.model && { model: browser.model }),
    ...(browser.cores && { cpu_count: browser.cores }),
    clock_step_ms: browser.clockStepMs,
    wake_lock: browser.wakeLock,
  }
  const call = callerOf(visitor)
  return {
    describe: () => describePage(page, device.backend, environment),
    run: async (modelPath, protocol) => {
      const run = await runInSession(call, await station.offer(modelPath), protocol)
      checkClock(run, browser.clockStepMs, protocol)
      return run
    },
    close: () => {
      // At the end of the run, the page is told so first: it does not come back.
      if (context.life?.aborted) station.end()
      visitor.end(new LetiError('device-lost', 'the device was closed'), { why: 'lost' })
      return Promise.resolve()
    },
  }
}

/** Starts the runtime in the page. */
async function startPage(visitor: Visitor, device: WebDevice): Promise<PageStart> {
  const {
    runtime,
    backend,
    settings: { threads = 1 },
  } = device
  try {
    return startOf(
      await visitor.call({ method: 'start', args: [runtime, backend, threads] }),
      runtime,
    )
  } catch (error) {
    const known = asLetiError(error)
    if (known) throw known
    const message = `cannot start ${runtime} ${backend} in this browser: ${messageOf(error)}`
    const reason = new LetiError('device-lost', message, { cause: error })
    visitor.end(reason, { why: 'failed', message })
    throw reason
  }
}

function callerOf(visitor: Visitor): CallSession {
  return async (method, ...args) => {
    const answered = await visitor.call({ method, args })
    return RESULTS[method](answered, Number(args[0]))
  }
}

/** Some browsers round their clock, against pages that spy: up to 100 ms. */
function checkClock({ latency }: Run, stepMs: number, { precision }: Protocol): void {
  if (!('samplesMs' in latency)) return
  const { median } = latencyStatistics(latency.samplesMs)
  if (stepMs / 2 <= precision * median) return
  const message = `takes ${median.toPrecision(2)} ms, but the clock of this browser has steps of ${stepMs.toPrecision(2)} ms: too coarse for --precision ${precision}`
  throw new LetiError('unsupported', message)
}

import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { platform } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { LetiError, messageOf } from '@leti/records'
import type { Browser, ConnectionTransport } from 'puppeteer-core'
import { pipeTransport } from '../../browser/pipe.js'
import { openSocket } from '../../browser/socket.js'
import { Ending } from '../../processes/ending.js'
import { ProcessGroup } from '../../processes/group.js'
import { runFolder, temporaryFolder } from '../../processes/run-folder.js'
import { findExecutable, missingBrowser } from './executable.js'
import type { ChromiumDevice } from './settings.js'

/** A quiet browser: it sends nothing of its own to the network, and throttles no background page. */
const FLAGS = [
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-component-update',
  '--disable-renderer-backgrounding',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--enable-webgpu-developer-features',
  '--no-first-run',
  '--remote-debugging-pipe',
]

/** Chromium's software GPU. Only with an explicit `--use-angle` does it have GPU timers. */
const SOFTWARE_GPU_FLAGS = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--use-webgpu-adapter=swiftshader',
]

const CONNECTION = {
  defaultViewport: null,
  // A call takes as long as the network that it runs; `--timeout` limits it.
  protocolTimeout: 0,
  // The events of requests are not read, and the browser keeps a copy of each response for them: of all weights.
  networkEnabled: false,
}

/** Longest time to connect to a running browser. */
const CONNECT_MS = 30_000

/** A browser that answers, and how it ends. */
export interface OpenBrowser {
  readonly browser: Browser
  readonly ending: Ending
  /** Ends a browser that was started here with all of its processes; leaves a running one. Never throws. */
  end(): Promise<void>
}

interface Connection extends Pick<OpenBrowser, 'ending' | 'end'> {
  readonly transport: ConnectionTransport
  /** What a browser that was started here printed last. */
  lastWords?(): string
}

/**
 * Starts a headless browser, or connects to the running one at the device's endpoint.
 *
 * @param signal ends the opening
 * @throws {LetiError} `usage` if there is no browser, `device-lost` if it does not start or answer
 */
export async function openBrowser(
  device: ChromiumDevice,
  signal: AbortSignal,
): Promise<OpenBrowser> {
  const { default: puppeteer } = await import('puppeteer-core')
  const { endpoint } = device.settings
  const connection = await (endpoint
    ? connect(endpoint, signal)
    : launch(device, (args, userDataDir) => puppeteer.defaultArgs({ args, userDataDir })))
  const { transport, ending, end } = connection
  const stop = (): void => void end()
  signal.addEventListener('abort', stop)
  try {
    signal.throwIfAborted()
    const browser = await ending.before(() => puppeteer.connect({ transport, ...CONNECTION }))
    return { browser, ending, end }
  } catch (error) {
    await end()
    const why = [messageOf(error), connection.lastWords?.()].filter(Boolean).join(': ')
    throw new LetiError('device-lost', `cannot open the browser: ${why}`)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function connect(endpoint: string, signal: AbortSignal): Promise<Connection> {
  const { transport, closed } = await openSocket(endpoint, CONNECT_MS, signal)
  const ending = new Ending()
  void closed.then(() => ending.end(new LetiError('device-crashed', 'the browser died')))
  const end = (): Promise<void> => {
    transport.close()
    return Promise.resolve()
  }
  return { transport, ending, end }
}

async function launch(
  device: ChromiumDevice,
  argsWith: (flags: string[], profile: string) => string[],
): Promise<Connection> {
  const executable = await findExecutable(device)
  if (!executable) throw new LetiError('usage', missingBrowser(device))
  const profile = await temporaryFolder()
  const flags = [...FLAGS, ...(hasGpu() ? [] : SOFTWARE_GPU_FLAGS), ...sandboxFlags()]
  const group = new ProcessGroup(executable, argsWith(flags, profile), {
    name: 'the browser',
    channels: ['pipe', 'pipe'],
    env: { ...process.env, TMPDIR: await socketFolder() },
  })
  const [, , , input, output] = group.process.stdio
  const transport = pipeTransport(input as Writable, output as Readable)
  group.process.once('exit', () => transport.onclose?.())
  return {
    transport,
    ending: group.ending,
    lastWords: () => group.lastWords,
    end: async () => {
      await group.end()
      await rm(profile, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined)
    },
  }
}

/** Characters of a socket's path, and those that Chromium adds: `/org.chromium.Chromium.123456/SingletonSocket`. */
const MAX_SOCKET_PATH = 103
const SOCKET_SUFFIX = 45

/** Where Chromium puts its socket: the run's folder or, if the path gets too long, one like it in /tmp. */
async function socketFolder(): Promise<string> {
  const folder = await runFolder()
  return folder.length + SOCKET_SUFFIX <= MAX_SOCKET_PATH ? folder : runFolder('/tmp')
}

/** Whether the browser can use a GPU; outside Linux this is assumed. */
export function hasGpu(): boolean {
  return platform() !== 'linux' || existsSync('/dev/dri') || existsSync('/dev/nvidia0')
}

/** Chromium's sandbox refuses to run as root. */
function sandboxFlags(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : []
}

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Headless, without network traffic of its own, with a software GPU for WebGL and WebGPU. */
const FLAGS = [
  '--headless',
  '--remote-debugging-port=0',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-webgpu-developer-features',
]

/** Longest time to start, in ms. */
const START_MS = 20_000

/** A real Chromium on this computer that serves as the phone's Chrome. */
export class Chromium {
  private constructor(
    private readonly child: ChildProcess,
    private readonly profile: string,
    /** Port of its DevTools on this computer. */
    readonly port: number,
    /** The path of the browser's own WebSocket. */
    readonly browserPath: string,
  ) {}

  /** @param socksPort port of the SOCKS proxy that is the browser's only network */
  static async start(socksPort: number): Promise<Chromium> {
    const profile = mkdtempSync(join(tmpdir(), 'emulated-chrome-'))
    const child = spawn(
      findChromium(),
      [
        ...FLAGS,
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${profile}`,
        `--proxy-server=socks5://127.0.0.1:${socksPort}`,
        // Without this, requests to the loopback interface would bypass the proxy.
        '--proxy-bypass-list=<-loopback>',
        'about:blank',
      ],
      { stdio: 'ignore', detached: true },
    )
    const [port, browserPath] = await devToolsOf(profile)
    return new Chromium(child, profile, Number(port), browserPath)
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** Kills the browser with all of its processes. */
  async kill(): Promise<void> {
    if (this.isRunning && this.child.pid) {
      const ended = new Promise((resolve) => this.child.once('close', resolve))
      process.kill(-this.child.pid, 'SIGKILL')
      await ended
    }
    await rm(this.profile, { recursive: true, force: true, maxRetries: 10 })
  }
}

function findChromium(): string {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  const found = candidates.find((path) => existsSync(path))
  if (!found) throw new Error('no Chromium on the PATH')
  return found
}

/** Reads the port and the path that Chromium writes into its profile once it listens. */
async function devToolsOf(profile: string): Promise<string[]> {
  for (let waited = 0; waited < START_MS; waited += 50) {
    const text = await readFile(join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '')
    if (text.includes('\n')) return text.split('\n')
    await delay(50)
  }
  throw new Error(`Chromium did not start in ${START_MS / 1000} s`)
}

import { rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { Chromium } from './chromium.js'
import { DevTools } from './devtools.js'
import type { PageFaults } from './page-socket.js'
import { PhoneNetwork, type ConnectLocal } from './socks.js'

interface Running {
  readonly chromium: Chromium
  readonly devTools: DevTools
  readonly network: PhoneNetwork
}

const SOCKETS = 'Num       RefCount Protocol Flags    Type St Inode Path\n'

/** Chrome as an app of the phone: started by `am start`, killed by the system or a test. */
export class ChromeApp {
  private running?: Promise<Running>
  private ending?: Promise<void>

  constructor(
    private readonly socketPath: string,
    /** The phone's /proc/net/unix, which lists the socket by its abstract name. */
    private readonly procNetUnix: string,
    private readonly version: string,
    private readonly connectLocal: ConnectLocal,
    private readonly faults: PageFaults,
  ) {}

  get isRunning(): boolean {
    return this.running !== undefined
  }

  /** Starts Chrome if it does not run, and opens a tab if a URL is given. */
  async start(url: string | undefined): Promise<void> {
    await this.ending
    const running = (this.running ??= this.launch())
    // If it does not start, the next call tries again.
    running.catch(() => (this.running = undefined))
    const { chromium } = await running
    if (url && url !== 'about:blank') {
      await fetch(`http://127.0.0.1:${chromium.port}/json/new?${url}`, { method: 'PUT' })
    }
  }

  /** Connects to its DevTools socket; `undefined` (connection refused) if Chrome does not run. */
  async connect(): Promise<Socket | undefined> {
    if (!this.running) return undefined
    await this.running
    return connect(this.socketPath)
  }

  /** Kills Chrome and waits until it has ended. */
  async kill(): Promise<void> {
    const { running } = this
    this.running = undefined
    if (running) this.ending = this.end(running)
    await this.ending
  }

  private async end(starting: Promise<Running>): Promise<void> {
    const running = await starting.catch(() => undefined)
    if (!running) return
    // Its connections end with it.
    running.devTools.close()
    await running.chromium.kill()
    running.network.close()
    rmSync(this.socketPath, { force: true })
    writeFileSync(this.procNetUnix, SOCKETS)
  }

  private async launch(): Promise<Running> {
    const network = new PhoneNetwork(this.connectLocal)
    const chromium = await Chromium.start(await network.listen())
    const devTools = new DevTools(chromium, this.version, this.faults)
    await devTools.listen(this.socketPath)
    const socket =
      '0000000000000000: 00000002 00000000 00010000 0001 01 482561 @chrome_devtools_remote\n'
    writeFileSync(this.procNetUnix, SOCKETS + socket)
    return { chromium, devTools, network }
  }
}

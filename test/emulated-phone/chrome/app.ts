import { rmSync } from 'node:fs'
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

/** Chrome as an app of the phone: started by `am start`, killed by the system or a test. */
export class ChromeApp {
  private running?: Promise<Running>

  constructor(
    private readonly socketPath: string,
    private readonly version: string,
    private readonly connectLocal: ConnectLocal,
    private readonly faults: PageFaults,
  ) {}

  get isRunning(): boolean {
    return this.running !== undefined
  }

  /** Starts it where it does not run, and opens a tab where a page is asked for. */
  async start(url: string | undefined): Promise<void> {
    this.running ??= this.launch()
    const { chromium } = await this.running
    if (url && url !== 'about:blank') {
      await fetch(`http://127.0.0.1:${chromium.port}/json/new?${url}`, { method: 'PUT' })
    }
  }

  /** A connection to its DevTools socket; undefined where it does not run: connection refused. */
  async connect(): Promise<Socket | undefined> {
    if (!this.running) return undefined
    await this.running
    return connect(this.socketPath)
  }

  async kill(): Promise<void> {
    const running = await this.running
    this.running = undefined
    if (!running) return
    // Its sockets go with it.
    running.devTools.close()
    await running.chromium.kill()
    running.network.close()
    rmSync(this.socketPath, { force: true })
  }

  private async launch(): Promise<Running> {
    const network = new PhoneNetwork(this.connectLocal)
    const chromium = await Chromium.start(await network.listen())
    const devTools = new DevTools(chromium, this.version, this.faults)
    await devTools.listen(this.socketPath)
    return { chromium, devTools, network }
  }
}

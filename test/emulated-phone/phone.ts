import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { AdbServer } from './adb-server.js'
import { Apps } from './apps.js'
import { BEHAVIOUR_FILE, modelsFile } from './benchmark/behaviour.js'
import { ChromeApp } from './chrome/app.js'
import { CommandServer } from './commands/server.js'
import { androidCommands } from './commands/table.js'
import { cpuinfo } from './cpuinfo.js'
import { PhoneDaemon } from './daemon.js'
import { noSpaceLeft, WELL_BEHAVED, type Behaviour } from './faults.js'
import { PhoneFiles } from './files.js'
import { PIXEL_7, type PhoneIdentity } from './identity.js'
import type { PhoneProcess } from './processes.js'
import { ReverseForwards } from './reverse.js'
import { Shell } from './shell.js'
import { PhoneState } from './state.js'
import { serveSync } from './sync/service.js'
import type { Service, Transport } from './transport.js'

const REBOOT_MS = 1000

/** An emulated Android phone: a test's stand-in for a real one, behind the real adb. */
export class EmulatedPhone {
  /** Battery, heat, clock, log, settings, properties and packages: to be read and changed. */
  readonly state: PhoneState
  private readonly storage = new PhoneFiles()
  private readonly forwards = new ReverseForwards()
  private readonly daemon: PhoneDaemon
  private readonly shell: Shell
  private readonly chrome: ChromeApp
  private readonly commandServer: CommandServer
  private readonly pushed: { path: string; bytes: number }[] = []
  private readonly benchmarkFile = join(this.storage.root, 'benchmark.json')
  private behaviour = WELL_BEHAVED

  constructor(
    identity: PhoneIdentity,
    private readonly server: AdbServer,
  ) {
    const { storage } = this
    const { root } = storage
    this.state = new PhoneState(identity)
    this.chrome = new ChromeApp(
      join(root, 'chrome_devtools_remote'),
      storage.toHost('/proc/net/unix'),
      this.state.packages.get('com.android.chrome') ?? '',
      (port) => this.forwards.connect(`tcp:${port}`),
      { wrongNumbers: () => this.behaviour.wrongNumbers, onCall: () => this.countCall() },
    )
    const environment: Record<string, string> = { TMPDIR: storage.toHost('/data/local/tmp') }
    this.shell = new Shell(storage, environment, () => this.behaviour.diskFull)
    const commands = androidCommands(this.state, {
      activities: new Apps(this.state, this.shell, this.chrome, () => this.behaviour.appStartMs),
      processes: () => this.processes(),
      isDiskFull: () => this.behaviour.diskFull,
      reboot: () => void this.reboot(),
    })
    this.commandServer = new CommandServer(root, commands, (text) => text.replaceAll(root, ''))
    Object.assign(environment, {
      PATH: this.commandServer.bin,
      EMULATED_PHONE_SOCKET: this.commandServer.socketPath,
      [BEHAVIOUR_FILE]: this.benchmarkFile,
    })
    this.daemon = new PhoneDaemon(
      identity,
      () => !this.behaviour.unauthorized,
      (service, transport) => this.open(service, transport),
      (transport) => this.forwards.forget(transport),
    )
    writeFileSync(storage.toHost('/proc/cpuinfo'), cpuinfo())
    this.set({})
  }

  /** What `adb -s` takes. */
  get serial(): string {
    return `127.0.0.1:${this.daemon.port}`
  }

  /** Changes how the phone behaves from now on; what is not given stays. */
  set(changes: Partial<Behaviour>): void {
    this.behaviour = { ...this.behaviour, ...changes }
    const { offline, unauthorized, benchmark } = this.behaviour
    writeFileSync(this.benchmarkFile, JSON.stringify(benchmark))
    // Models are counted from when their fault was set.
    if (changes.benchmark) rmSync(modelsFile(this.benchmarkFile), { force: true })
    this.daemon.setDeaf(offline)
    if (changes.unauthorized) this.daemon.dropAll()
    else if (!unauthorized) this.daemon.userAllowed()
  }

  /** Sets all right again: battery, heat and the clock stay as they are. */
  behave(): void {
    this.set(WELL_BEHAVED)
  }

  /** Plugs the phone in, and waits until the adb server knows it; also one that is not authorized. */
  async plugIn(): Promise<void> {
    await this.daemon.listen()
    await this.server.adb('connect', this.serial)
  }

  /** Pulls the cable. adb would wait for a phone on TCP to come back: of one on USB it knows no more. */
  async unplug(): Promise<void> {
    await this.daemon.stop()
    await this.server.adb('disconnect', this.serial)
  }

  /** Reboots: all but the files is gone, and a second later the phone is back. */
  async reboot(): Promise<void> {
    await this.unplug()
    this.shell.killAll()
    await this.chrome.kill()
    this.state.log.clear()
    await delay(REBOOT_MS)
    await this.plugIn()
  }

  /** Kills Chrome, as Android does when memory is short. */
  killChrome(): Promise<void> {
    return this.chrome.kill()
  }

  get isChromeRunning(): boolean {
    return this.chrome.isRunning
  }

  /** The files below /data/local/tmp: path on the phone to SHA-256. */
  files(): Promise<Map<string, string>> {
    return this.storage.list()
  }

  /** The listeners of `adb reverse` alive. */
  reverses(): { device: string; host: string }[] {
    return this.forwards.list()
  }

  /** The shell commands that were run, oldest first. */
  commands(): readonly string[] {
    return this.shell.history
  }

  /** The files that were pushed whole, oldest first. */
  pushes(): readonly { path: string; bytes: number }[] {
    return this.pushed
  }

  /** What runs on the phone. Chrome is apart. */
  processes(): PhoneProcess[] {
    return this.shell.processes()
  }

  /** Unplugs it and removes all that it had. */
  async close(): Promise<void> {
    await this.unplug()
    this.shell.killAll()
    await this.chrome.kill()
    this.commandServer.close()
    await this.storage.remove()
  }

  private async open(service: string, transport: Transport): Promise<Service | undefined> {
    const [kind] = service.split(/[:,]/, 1)
    const argument = service.slice(service.indexOf(':') + 1)
    if (kind === 'shell' || kind === 'exec') return (stream) => this.shell.serve(service, stream)
    if (kind === 'sync') {
      const watcher = {
        onBlock: (_path: string, bytes: number) => this.onBlock(bytes),
        onPushed: (path: string, bytes: number) => void this.pushed.push({ path, bytes }),
      }
      return (stream) => void serveSync(stream, this.storage, watcher)
    }
    if (kind === 'reverse') return this.forwards.serve(argument, transport)
    if (kind === 'tcp') return joining(this.forwards.connect(service))
    if (service === 'localabstract:chrome_devtools_remote') {
      return joining(await this.chrome.connect())
    }
    if (kind === 'reboot') return () => void this.reboot()
    return undefined
  }

  private onBlock(bytes: number): void {
    if (this.behaviour.diskFull) throw noSpaceLeft()
    const left = this.behaviour.unplugAfterPushBytes - bytes
    this.behaviour = { ...this.behaviour, unplugAfterPushBytes: left > 0 ? left : Infinity }
    if (left <= 0) void this.unplug()
  }

  /** Whether the call is to be answered. */
  private countCall(): boolean {
    const kill = this.behaviour.killChromeAtCall - 1
    const hang = this.behaviour.hangChromeAtCall - 1
    this.behaviour = {
      ...this.behaviour,
      killChromeAtCall: kill > 0 ? kill : Infinity,
      hangChromeAtCall: hang > 0 ? hang : Infinity,
    }
    if (kill <= 0) void this.chrome.kill()
    return hang > 0
  }
}

/** Joins a stream with what it is to reach; undefined where that refused. */
function joining(target: Duplex | undefined): Service | undefined {
  if (!target) return undefined
  return (stream) => {
    stream.pipe(target).pipe(stream)
    target.on('error', () => stream.destroy())
    target.on('close', () => stream.destroy())
    stream.on('close', () => target.destroy())
  }
}

/** Starts a phone and plugs it in. */
export async function startEmulatedPhone(options: {
  /** The adb server that it is plugged into. */
  readonly server: AdbServer
  /** Which phone it is; a Pixel 7 but for what is given. */
  readonly identity?: Partial<PhoneIdentity>
  /** How it behaves from the start. */
  readonly behaviour?: Partial<Behaviour>
}): Promise<EmulatedPhone> {
  const phone = new EmulatedPhone({ ...PIXEL_7, ...options.identity }, options.server)
  // adb would wait ten seconds for a phone that is offline: it connects first.
  phone.set({ ...options.behaviour, offline: false })
  await phone.plugIn()
  phone.set(options.behaviour ?? {})
  return phone
}

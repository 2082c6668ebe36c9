import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { AdbServer } from './adb-server.js'
import { Apps } from './apps.js'
import { BEHAVIOR_FILE, modelsFile } from './benchmark/behavior.js'
import { ChromeApp } from './chrome/app.js'
import { CommandServer } from './commands/server.js'
import { androidCommands } from './commands/table.js'
import { cpuinfo } from './cpuinfo.js'
import { PhoneDaemon } from './daemon.js'
import { noSpaceLeft, WELL_BEHAVED, type Behavior } from './faults.js'
import { PhoneFiles } from './files.js'
import { PIXEL_7, type PhoneIdentity } from './identity.js'
import type { PhoneProcess } from './processes.js'
import { ReverseForwards } from './reverse.js'
import { Shell } from './shell.js'
import { PhoneState } from './state.js'
import { serveSync } from './sync/service.js'
import type { Service, Transport } from './transport.js'

const REBOOT_MS = 1000

/** An emulated Android phone behind the real adb: see README.md. */
export class EmulatedPhone {
  /** Battery, heat, clock, log, settings, properties and packages; tests may read and change it. */
  readonly state: PhoneState
  private readonly storage = new PhoneFiles()
  private readonly forwards = new ReverseForwards()
  private readonly daemon: PhoneDaemon
  private readonly shell: Shell
  private readonly chrome: ChromeApp
  private readonly commandServer: CommandServer
  private readonly pushed: { path: string; bytes: number }[] = []
  private readonly benchmarkFile = join(this.storage.root, 'benchmark.json')
  private behavior = WELL_BEHAVED
  /** Whether the cable is out yet: a late disconnect would end what is plugged in meanwhile. */
  private unplugging: Promise<void> = Promise.resolve()

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
      { wrongNumbers: () => this.behavior.wrongNumbers, onCall: () => this.countCall() },
    )
    const environment: Record<string, string> = { TMPDIR: storage.toHost('/data/local/tmp') }
    this.shell = new Shell(
      storage,
      environment,
      () => this.behavior.diskFull,
      (name, call) => this.commandServer.run(name, call),
    )
    const commands = androidCommands(this.state, {
      activities: new Apps(this.state, this.shell, this.chrome, () => this.behavior.appStartMs),
      processes: () => this.processes(),
      isDiskFull: () => this.behavior.diskFull,
      reboot: () => void this.reboot(),
    })
    this.commandServer = new CommandServer(root, commands, (text) => text.replaceAll(root, ''))
    Object.assign(environment, {
      PATH: this.commandServer.bin,
      EMULATED_PHONE_SOCKET: this.commandServer.socketPath,
      [BEHAVIOR_FILE]: this.benchmarkFile,
    })
    this.daemon = new PhoneDaemon(
      identity,
      () => !this.behavior.unauthorized,
      (service, transport) => this.open(service, transport),
      (transport) => this.forwards.forget(transport),
    )
    writeFileSync(storage.toHost('/proc/cpuinfo'), cpuinfo())
    this.set({})
  }

  /** The serial number for `adb -s`. */
  get serial(): string {
    return `127.0.0.1:${this.daemon.port}`
  }

  /** Changes how the phone behaves from now on; other members stay as they are. */
  set(changes: Partial<Behavior>): void {
    this.behavior = { ...this.behavior, ...changes }
    const { offline, unauthorized, benchmark } = this.behavior
    writeFileSync(this.benchmarkFile, JSON.stringify(benchmark))
    // `atModel` counts from now.
    if (changes.benchmark) rmSync(modelsFile(this.benchmarkFile), { force: true })
    this.daemon.setDeaf(offline)
    if (changes.unauthorized) this.daemon.dropAll()
    else if (!unauthorized) this.daemon.userAllowed()
  }

  /** Ends all faults. Battery, heat and the clock stay as they are. */
  behave(): void {
    this.set(WELL_BEHAVED)
  }

  /** Plugs the phone in and waits until the adb server lists it, authorized or not. */
  async plugIn(): Promise<void> {
    await this.unplugging
    await this.daemon.listen()
    await this.server.adb('connect', this.serial)
  }

  /** Pulls the cable. Disconnects too, since adb would wait for a phone on TCP, but not for one on USB. */
  unplug(): Promise<void> {
    this.unplugging = this.unplugging.then(() => this.disconnect())
    return this.unplugging
  }

  private async disconnect(): Promise<void> {
    await this.daemon.stop()
    await this.server.adb('disconnect', this.serial)
  }

  /** Reboots: keeps only the files, and comes back a second later. */
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

  /** The open listeners of `adb reverse`. */
  reverses(): { device: string; host: string }[] {
    return this.forwards.list()
  }

  /** The shell commands that ran, oldest first. */
  commands(): readonly string[] {
    return this.shell.history
  }

  /** The files that were pushed completely, oldest first. */
  pushes(): readonly { path: string; bytes: number }[] {
    return this.pushed
  }

  /** The running processes, without Chrome. */
  processes(): PhoneProcess[] {
    return this.shell.processes()
  }

  /** Unplugs the phone and removes all of its files. */
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
    if (this.behavior.diskFull) throw noSpaceLeft()
    const left = this.behavior.unplugAfterPushBytes - bytes
    this.behavior = { ...this.behavior, unplugAfterPushBytes: left > 0 ? left : Infinity }
    if (left <= 0) void this.unplug()
  }

  /** Whether the call is to be answered. */
  private countCall(): boolean {
    const kill = this.behavior.killChromeAtCall - 1
    const hang = this.behavior.hangChromeAtCall - 1
    this.behavior = {
      ...this.behavior,
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
  readonly behavior?: Partial<Behavior>
}): Promise<EmulatedPhone> {
  const phone = new EmulatedPhone({ ...PIXEL_7, ...options.identity }, options.server)
  // adb would wait ten seconds for a phone that is offline: it connects first.
  phone.set({ ...options.behavior, offline: false })
  await phone.plugIn()
  phone.set(options.behavior ?? {})
  return phone
}

import { delimiter } from 'node:path'
import type { Duplex } from 'node:stream'
import type { AdbServer } from './adb-server.js'
import { getprop } from './commands/getprop.js'
import { CommandServer } from './commands/server.js'
import { PhoneDaemon } from './daemon.js'
import { PhoneFiles } from './files.js'
import { PIXEL_7, propertiesOf, type PhoneIdentity } from './identity.js'
import type { PhoneProcess } from './processes.js'
import { ReverseForwards } from './reverse.js'
import { Shell } from './shell.js'
import { serveSync } from './sync/service.js'
import type { Service, Transport } from './transport.js'

/** An emulated Android phone: a test's stand-in for a real one, behind the real adb. */
export class EmulatedPhone {
  private readonly files_ = new PhoneFiles()
  private readonly daemon: PhoneDaemon
  private readonly reverses_ = new ReverseForwards()
  private readonly shell: Shell
  private readonly commandServer: CommandServer
  private readonly pushes_: { path: string; bytes: number }[] = []

  constructor(
    readonly identity: PhoneIdentity,
    private readonly server: AdbServer,
  ) {
    const { root } = this.files_
    this.commandServer = new CommandServer(
      root,
      { getprop: getprop(propertiesOf(identity)) },
      (text) => text.replaceAll(root, ''),
    )
    this.shell = new Shell(
      this.files_,
      {
        PATH: [this.commandServer.bin, process.env.PATH].join(delimiter),
        EMULATED_PHONE_SOCKET: this.commandServer.socketPath,
        TMPDIR: this.files_.toHost('/data/local/tmp'),
      },
      (command) => this.files_.mapCommand(command),
    )
    this.daemon = new PhoneDaemon(
      identity,
      () => true,
      (service, transport) => Promise.resolve(this.open(service, transport)),
      (transport) => this.reverses_.forget(transport),
    )
  }

  /** What `adb -s` takes. */
  get serial(): string {
    return `127.0.0.1:${this.daemon.port}`
  }

  /** Plugs the phone in. */
  async connect(): Promise<void> {
    await this.daemon.listen()
    const { stdout, stderr } = await this.server.adb('connect', this.serial)
    if (!stdout.startsWith('connected')) throw new Error(`adb connect: ${stdout}${stderr}`)
  }

  /** The files below /data/local/tmp: path on the phone to SHA-256. */
  files(): Promise<Map<string, string>> {
    return this.files_.list()
  }

  /** The listeners of `adb reverse` alive. */
  reverses(): { device: string; host: string }[] {
    return this.reverses_.list()
  }

  /** The shell commands that were run, oldest first. */
  commands(): readonly string[] {
    return this.shell.history
  }

  /** The files that were pushed, oldest first. */
  pushes(): readonly { path: string; bytes: number }[] {
    return this.pushes_
  }

  /** What runs on the phone. */
  processes(): PhoneProcess[] {
    return this.shell.processes()
  }

  /** Unplugs it and removes all that it had. */
  async close(): Promise<void> {
    await this.server.adb('disconnect', this.serial)
    await this.daemon.stop()
    this.shell.killAll()
    this.commandServer.close()
    await this.files_.remove()
  }

  private open(service: string, transport: Transport): Service | undefined {
    const [kind] = service.split(/[:,]/, 1)
    const argument = service.slice(service.indexOf(':') + 1)
    if (kind === 'shell' || kind === 'exec') return (stream) => this.shell.serve(service, stream)
    if (kind === 'sync') {
      return (stream) =>
        void serveSync(stream, this.files_, {
          onBlock: () => undefined,
          onPushed: (path, bytes) => void this.pushes_.push({ path, bytes }),
        })
    }
    if (kind === 'reverse') return this.reverses_.serve(argument, transport)
    if (kind === 'tcp') return joining(this.reverses_.connect(service))
    return undefined
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

export async function startEmulatedPhone(options: {
  server: AdbServer
  identity?: Partial<PhoneIdentity>
}): Promise<EmulatedPhone> {
  const phone = new EmulatedPhone({ ...PIXEL_7, ...options.identity }, options.server)
  await phone.connect()
  return phone
}

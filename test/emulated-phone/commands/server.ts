import { installPrograms } from './programs.js'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** One call of an emulated Android command. */
export interface Call {
  readonly args: readonly string[]
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Lines that the caller sends after its arguments. */
  readonly lines: AsyncIterable<string>
  /** Aborted when the caller ends. */
  readonly signal: AbortSignal
}

/** Returns the exit code; `undefined` means 0. */
export type Command = (call: Call) => number | undefined | Promise<number | undefined>

/** Runs the phone's commands for `client.js`, the small program that stands for each on the PATH. */
export class CommandServer {
  readonly bin: string
  readonly socketPath: string
  private readonly server: Server
  private readonly sockets = new Set<Socket>()

  constructor(
    root: string,
    private readonly commands: Readonly<Record<string, Command>>,
    private readonly toPhone: (text: string) => string,
  ) {
    this.bin = join(root, 'system/bin')
    this.socketPath = join(root, 'commands.socket')
    installPrograms(this.bin, Object.keys(commands))
    this.server = createServer((socket) => this.answer(socket))
    this.server.listen(this.socketPath)
  }

  /** Runs a command; `undefined` if there is none of that name. */
  run(name: string, call: Call): Promise<number> | undefined {
    return Object.hasOwn(this.commands, name) ? this.finish(name, call) : undefined
  }

  close(): void {
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
  }

  private answer(socket: Socket): void {
    this.sockets.add(socket)
    const gone = new AbortController()
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.sockets.delete(socket)
      gone.abort()
    })
    const send = (message: object): void => {
      if (socket.writable) socket.write(`${JSON.stringify(message)}\n`)
    }
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
    void lines.next().then(async ({ value, done }) => {
      if (done) return
      const { name, args } = JSON.parse(value) as { name: string; args: string[] }
      const code = await this.finish(name, {
        args: args.map(this.toPhone),
        out: (text) => send({ out: text }),
        err: (text) => send({ err: text }),
        lines: { [Symbol.asyncIterator]: () => lines },
        signal: gone.signal,
      })
      send({ exit: code })
      socket.end()
    })
  }

  private async finish(name: string, call: Call): Promise<number> {
    try {
      return (await this.commands[name](call)) ?? 0
    } catch (error) {
      call.err(`${name}: ${String(error)}\n`)
      return 1
    }
  }
}

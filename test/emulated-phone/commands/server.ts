import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** One call of an emulated Android command. */
export interface Call {
  readonly args: readonly string[]
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal
}

/** Returns the exit code; undefined is 0. */
export type Command = (call: Call) => number | undefined | Promise<number | undefined>

const CLIENT = fileURLToPath(new URL('client.js', import.meta.url))

/** Answers the phone's commands, which are small programs on the PATH of its shell. */
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
    mkdirSync(this.bin, { recursive: true })
    for (const name of Object.keys(commands)) {
      const program = join(this.bin, name)
      writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${CLIENT}" ${name} "$@"\n`)
      chmodSync(program, 0o755)
    }
    this.server = createServer((socket) => this.answer(socket))
    this.server.listen(this.socketPath)
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
    createInterface({ input: socket }).once('line', (line) => {
      const { name, args } = JSON.parse(line) as { name: string; args: string[] }
      const call: Call = {
        args: args.map(this.toPhone),
        out: (text) => send({ out: text }),
        err: (text) => send({ err: text }),
        signal: gone.signal,
      }
      void Promise.resolve(this.commands[name](call))
        .catch((error: unknown) => {
          call.err(`${name}: ${String(error)}\n`)
          return 1
        })
        .then((code) => {
          send({ exit: code ?? 0 })
          socket.end()
        })
    })
  }
}

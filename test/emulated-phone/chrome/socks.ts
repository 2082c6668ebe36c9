import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ByteReader } from '../byte-reader.js'

/** Connects to a port on the phone's loopback interface; `undefined` if the connection is refused. */
export type ConnectLocal = (port: number) => Duplex | undefined

const VERSION = 5
const NO_AUTHENTICATION = Buffer.from([VERSION, 0])
const REFUSED = 5
const UNREACHABLE = 3

/**
 * The phone browser's only network: a SOCKS 5 proxy (RFC 1928) that reaches only the phone's loopback
 * interface, so that a page can load only through `adb reverse`.
 */
export class PhoneNetwork {
  private readonly sockets = new Set<Socket>()
  private readonly server: Server

  constructor(private readonly connectLocal: ConnectLocal) {
    this.server = createServer((socket) => {
      this.sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => this.sockets.delete(socket))
      void this.serve(socket)
    })
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return (this.server.address() as AddressInfo).port
  }

  close(): void {
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
  }

  private async serve(socket: Socket): Promise<void> {
    const reader = new ByteReader(socket)
    const greeting = await reader.read(2)
    if (!greeting || !(await reader.read(greeting[1]))) return
    socket.write(NO_AUTHENTICATION)
    const target = await readTarget(reader)
    if (!target) return void socket.destroy()
    const isLocal = target.host === '127.0.0.1' || target.host === 'localhost'
    const stream = isLocal ? this.connectLocal(target.port) : undefined
    if (!stream) {
      socket.end(reply(isLocal ? REFUSED : UNREACHABLE))
      return
    }
    socket.write(reply(0))
    const rest = reader.release()
    stream.on('error', () => socket.destroy())
    stream.on('close', () => socket.destroy())
    socket.on('close', () => stream.destroy())
    if (rest.length) stream.write(rest)
    socket.pipe(stream).pipe(socket)
  }
}

async function readTarget(reader: ByteReader): Promise<{ host: string; port: number } | undefined> {
  const [, , , kind] = (await reader.read(4)) ?? []
  let host: string | undefined
  if (kind === 1) host = (await reader.read(4))?.join('.')
  else if (kind === 3) {
    const length = (await reader.read(1))?.[0] ?? 0
    host = (await reader.read(length))?.toString()
  } else if (kind === 4) host = (await reader.read(16))?.toString('hex')
  const port = (await reader.read(2))?.readUInt16BE()
  return host !== undefined && port !== undefined ? { host, port } : undefined
}

function reply(code: number): Buffer {
  return Buffer.from([VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0])
}

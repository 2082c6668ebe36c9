import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { AdbServer } from './adb-server.js'

/**
 * What the relay does with a request in the place of adb's server: answers it with these bytes and closes,
 * never answers it, or breaks the connection.
 */
export type Answer = Buffer | 'hang' | 'break'

/** Stands between adb clients and their server, and answers some requests itself. */
export interface AdbRelay {
  /** Environment variables that make a program use the relay. */
  readonly env: Readonly<Record<string, string>>
  /** How requests such as `host:devices-l` are answered from now on; `undefined` passes one on. */
  answer: (request: string) => Answer | undefined | Promise<Answer | undefined>
  stop(): Promise<void>
}

export async function startAdbRelay(server: AdbServer): Promise<AdbRelay> {
  const upstreamPort = Number(server.env.ANDROID_ADB_SERVER_PORT)
  const sockets = new Set<Socket>()
  const listener = createServer((client) => {
    sockets.add(client)
    client.on('error', () => client.destroy())
    client.on('close', () => sockets.delete(client))
    void serve(client)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  const relay: AdbRelay = {
    env: { ...server.env, ANDROID_ADB_SERVER_PORT: String(port) },
    answer: () => undefined,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => listener.close(resolve))
    },
  }

  async function serve(client: Socket): Promise<void> {
    const first = await readRequest(client)
    const answer = first && (await relay.answer(first.toString().slice(4)))
    if (!first || answer === 'break') client.destroy()
    else if (answer instanceof Buffer) client.end(answer)
    else if (answer !== 'hang') passOn(client, first)
  }

  function passOn(client: Socket, first: Buffer): void {
    const upstream = connect(upstreamPort, '127.0.0.1')
    upstream.on('error', () => client.destroy())
    upstream.on('close', () => client.destroy())
    client.on('close', () => upstream.destroy())
    upstream.write(first)
    client.pipe(upstream).pipe(client)
  }

  return relay
}

/** A request with its length of four hexadecimal digits; `undefined` if the client sends none. */
async function readRequest(client: Socket): Promise<Buffer | undefined> {
  let held = Buffer.alloc(0)
  for await (const chunk of client.iterator({ destroyOnReturn: false })) {
    held = Buffer.concat([held, chunk as Buffer])
    const length = 4 + parseInt(held.toString('latin1', 0, 4), 16)
    if (held.length >= 4 && held.length >= length) {
      client.unshift(held.subarray(length))
      return held.subarray(0, length)
    }
  }
  return undefined
}

/** adb's answer with a text. */
export function okay(answer: string): Buffer {
  return Buffer.from(`OKAY${prefixed(answer)}`)
}

function prefixed(answer: string): string {
  return answer.length.toString(16).padStart(4, '0') + answer
}

/**
 * Answers as if phones had the same serial number, each at its own USB port: `usb:1-1`, `usb:1-2`, ... A
 * request by that serial number is refused; one by transport id reaches the phone.
 *
 * @param serials that the phones really have
 */
export function sameSerial(server: AdbServer, serials: readonly string[], shared: string) {
  return async (request: string): Promise<Answer | undefined> => {
    if (request.includes(`:${shared}`))
      return Buffer.from(`FAIL${prefixed('more than one device')}`)
    if (request !== 'host:devices-l') return undefined
    const { stdout } = await server.adb('devices', '-l')
    const [, ...lines] = stdout.trim().split('\n')
    const renamed = lines.map((line) => {
      const port = 1 + serials.findIndex((serial) => line.startsWith(serial))
      const [, rest] = line.split(/ +device /)
      return port > 0 ? `${shared.padEnd(22)} device usb:1-${port} ${rest}\n` : `${line}\n`
    })
    return okay(renamed.sort().join(''))
  }
}

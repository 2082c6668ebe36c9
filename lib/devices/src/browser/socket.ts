import { LetiError } from '@leti/records'
import type { ConnectionTransport } from 'puppeteer-core'

/** The outputs of a large network come as one message. */
const MAX_MESSAGE_BYTES = 1 << 28

export interface OpenSocket {
  /** In the form that puppeteer's connections take. */
  readonly transport: ConnectionTransport
  /** Resolves when the connection ends, whatever the cause. */
  readonly closed: Promise<void>
}

/**
 * Opens a WebSocket.
 *
 * @param handshakeTimeout longest time to connect, in ms
 * @param signal ends the opening
 * @throws {LetiError} `device-lost` if nothing answers in time
 */
export async function openSocket(
  url: string,
  handshakeTimeout: number,
  signal?: AbortSignal,
): Promise<OpenSocket> {
  const { WebSocket } = await import('ws')
  const socket = new WebSocket(url, {
    handshakeTimeout,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  })
  const end = (): void => socket.terminate()
  signal?.addEventListener('abort', end)
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // The error of several addresses, such as those of localhost, has a code instead of a message.
      const why = error.message === '' ? error.code : error.message
      reject(new LetiError('device-lost', `Chrome does not answer: ${why ?? 'unknown'}`))
    })
  }).finally(() => signal?.removeEventListener('abort', end))
  const transport: ConnectionTransport = {
    send: (message) => socket.send(message),
    close: () => socket.terminate(),
  }
  socket.on('message', (data: Buffer) => transport.onmessage?.(data.toString()))
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      resolve()
      transport.onclose?.()
    })
  })
  // A connection that breaks also emits `close`.
  socket.on('error', () => undefined)
  return { transport, closed }
}

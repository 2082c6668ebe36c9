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
 * @throws {LetiError} `device-lost` if nothing answers in time
 */
export async function openSocket(url: string, handshakeTimeout: number): Promise<OpenSocket> {
  const { WebSocket } = await import('ws')
  const socket = new WebSocket(url, {
    handshakeTimeout,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', (error) => {
      reject(new LetiError('device-lost', `Chrome does not answer: ${error.message}`))
    })
  })
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

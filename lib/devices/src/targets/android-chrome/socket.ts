import { LetiError } from '@leti/records'
import type { ConnectionTransport } from 'puppeteer-core'

/** Outputs of large networks come as one message. */
const MAX_MESSAGE_BYTES = 1 << 28

export interface OpenSocket {
  /** As puppeteer's connections want it. */
  readonly transport: ConnectionTransport
  /** Resolves when the connection ends, however it does. */
  readonly closed: Promise<void>
}

/**
 * Opens a WebSocket.
 *
 * @throws {LetiError} `device-lost` where nobody answers in time
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
  // What breaks off closes as well.
  socket.on('error', () => undefined)
  return { transport, closed }
}

import type { WebSocket } from 'ws'
import type { Message } from './browser-socket.js'
import { WrongNumbers } from './wrong-numbers.js'

export interface PageFaults {
  /** Whether the outputs are wrong after the first run. */
  readonly wrongNumbers: () => boolean
  /** Called for each call of the page's functions. Returns whether the call gets an answer. */
  readonly onCall: () => boolean
}

const CALLS = ['Runtime.callFunctionOn', 'Runtime.evaluate']

/** Connects a client with a page's WebSocket. */
export function joinPageSocket(client: WebSocket, upstream: WebSocket, faults: PageFaults): void {
  const wrong = new WrongNumbers()
  client.on('message', (data: Buffer) => {
    const text = data.toString()
    const isCall = CALLS.includes((JSON.parse(text) as Message).method ?? '')
    if (!isCall || faults.onCall()) upstream.send(text)
  })
  upstream.on('message', (data: Buffer) => {
    const text = data.toString()
    if (!faults.wrongNumbers()) client.send(text)
    else client.send(JSON.stringify(wrong.alter(JSON.parse(text) as Record<string, unknown>)))
  })
}

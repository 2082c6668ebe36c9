/** The server that this page was loaded from. See `targets/web/turns.ts`. */
import type { Answer, NextTurn, Turn } from '../../targets/web/turns.js'

/** Wait before a request that failed is made again, in ms: the network may be gone for a while. */
const AGAIN_MS = 2000

/** A name of this page. A page that is loaded again has another one. */
const page = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) =>
  part.toString(36),
).join('')

/** Whether the browser was paired: `no` also if the link is void. */
export type Paired = 'yes' | 'wrong-code' | 'no'

export async function pair(code: string): Promise<{ paired: Paired; triesLeft: number }> {
  const { ok, status, headers } = await post('pair', { code })
  const paired = ok ? 'yes' : status === 403 ? 'wrong-code' : 'no'
  return { paired, triesLeft: Number(headers.get('X-Tries-Left') ?? 0) }
}

/**
 * Opens the connection that lets the server notice the end of this page, and opens it again when it breaks.
 *
 * @returns whether the server takes this page: only those of the browser that was paired
 */
export async function stayAlive(): Promise<boolean> {
  const response = await tried(() => post('alive', turn(0)))
  if (!response.ok) return false
  void untilRefused(response)
  return true
}

let isOver = false

/** There are no more turns: the server may be gone. */
export function stayNoLonger(): void {
  isOver = true
}

async function untilRefused(first: Response): Promise<void> {
  for (let response = first; response.status === 200;) {
    await response.text().catch(() => undefined)
    await pause()
    if (isOver) return
    response = await tried(() => post('alive', turn(0)))
  }
}

/**
 * Asks for the next turn, until the server answers.
 *
 * @param number of the last call
 * @throws if it refuses this page
 */
export async function nextTurn(number: number, answer?: Answer): Promise<NextTurn> {
  for (;;) {
    try {
      const response = await post('turn', turn(number, answer))
      if (response.ok) return (await response.json()) as NextTurn
    } catch {
      await pause()
      continue
    }
    throw new Error('This link is void. The terminal shows a new one.')
  }
}

/** Tells the server that this page ends, or that the person stops the run. A page that is closed can still do so. */
export function tell(what: 'leave' | 'stop'): void {
  navigator.sendBeacon(what, JSON.stringify(turn(0)))
}

/** Tells the server that the person starts again what was stopped. */
export async function startAgain(): Promise<void> {
  // If the server is gone, the page that is loaded next shows it.
  await post('start', turn(0)).catch(() => undefined)
}

function turn(number: number, answer?: Answer): Turn {
  return { page, number, ...(answer && { answer }) }
}

function post(path: string, body: object): Promise<Response> {
  return fetch(path, { method: 'POST', body: JSON.stringify(body) })
}

async function tried(request: () => Promise<Response>): Promise<Response> {
  for (;;) {
    try {
      return await request()
    } catch {
      await pause()
    }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
}

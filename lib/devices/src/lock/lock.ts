/**
 * A lock between processes of this computer. Its holder listens on a socket that is named after the lock.
 * The kernel closes the socket when the process ends, even by `kill -9`, so no lock outlives its holder.
 * A waiting process is connected to the socket: it notices its end without asking again and again.
 */
import { connect, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { lockAddress } from './address.js'
import { parseHolder, type Holder } from './holder.js'
import { listenAt } from './listen.js'

export interface LockOptions {
  /** Ends the waiting. */
  readonly signal: AbortSignal
  /** Number of networks measured so far, to tell the processes that wait. */
  readonly measured: () => number
  /** Called for each holder that is waited for; `undefined` if it does not say who it is. */
  readonly onWait: (holder: Holder | undefined) => void
}

export interface Lock {
  release(): void
}

/** Before the next try. */
const RETRY_MS = 50
/** The longest wait for a holder to say who it is. */
const GREETING_MS = 5000
/** Limit on what a holder says, in characters. */
const MAX_GREETING = 1000

/**
 * Takes a lock. Waits while another process holds it.
 *
 * @param name of what is locked; the same in every process
 * @throws the signal's reason if it is aborted
 * @throws the system's error if it gives no socket
 */
export async function takeLock(name: string, options: LockOptions): Promise<Lock> {
  const address = lockAddress(name)
  for (;;) {
    const server = await listenAt(address)
    if (server) return holding(server, options.measured)
    options.signal.throwIfAborted()
    await endOfHolder(address, options)
    await delay(RETRY_MS)
  }
}

function holding(server: Server, measured: LockOptions['measured']): Lock {
  const since = Date.now()
  const waiting = new Set<Socket>()
  server.unref()
  server.on('connection', (socket) => {
    waiting.add(socket)
    socket.unref()
    // One that does not wait any longer is no error.
    socket.on('error', () => undefined)
    socket.on('close', () => waiting.delete(socket))
    const holder: Holder = { pid: process.pid, since, measured: measured() }
    socket.write(JSON.stringify(holder) + '\n')
  })
  return {
    release: () => {
      server.close()
      for (const socket of waiting) socket.destroy()
    },
  }
}

/** Resolves when the holder releases the lock or dies, or when the signal is aborted. */
async function endOfHolder(address: string, { signal, onWait }: LockOptions): Promise<void> {
  const socket = connect(address).setEncoding('utf8')
  const stop = (): unknown => socket.destroy()
  signal.addEventListener('abort', stop)
  let said = ''
  const greeted = (): void => {
    clearTimeout(late)
    socket.removeAllListeners('data').resume()
    onWait(parseHolder(said))
  }
  const late = setTimeout(greeted, GREETING_MS)
  socket.on('data', (text: string) => {
    said += text
    if (said.includes('\n') || said.length > MAX_GREETING) greeted()
  })
  try {
    await new Promise<void>((resolve) => socket.on('error', () => resolve()).on('close', resolve))
  } finally {
    clearTimeout(late)
    signal.removeEventListener('abort', stop)
  }
}

import { LetiError, messageOf } from '@leti/records'
import { Redis } from 'ioredis'

/** The longest wait between two tries to connect, ms. */
const RETRY_MS = 2000

/** A server that answers nothing for so long is connected to anew, ms. BullMQ waits 10 s for a job. */
const SILENCE_MS = 20_000

/** The longest wait for the first connection, ms. */
const CONNECT_MS = 10_000

/**
 * Connects to a Redis server. Once connected, the connection is restored whenever it breaks, and commands wait for it.
 *
 * @param url such as `redis://host:6379/0`; it may hold a password, which no message shows
 * @throws {LetiError} `usage` if there is no such server
 */
export async function openRedis(url: string): Promise<Redis> {
  const redis = newRedis(url)
  let problem: string | undefined
  const note = (error: Error): void => void (problem = messageOf(error))
  redis.on('error', note)
  try {
    await within(CONNECT_MS, redis.connect())
    await within(CONNECT_MS, redis.ping())
  } catch (error) {
    redis.disconnect()
    // A connection that fails tells why by an event only.
    const why = problem ?? messageOf(error)
    const advice = why.includes('ECONNREFUSED') ? '; start redis-server there' : ''
    throw new LetiError('usage', `--queue ${shownUrl(url)}: ${withoutSecrets(url, why)}${advice}`)
  }
  redis.off('error', note)
  // Without a listener, ioredis prints each error; the connection is restored whatever it is.
  redis.on('error', () => undefined)
  return redis
}

function newRedis(url: string): Redis {
  checkUrl(url)
  return new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_MS / 2,
    keepAlive: 5000,
    socketTimeout: SILENCE_MS,
    retryStrategy: (tries) => Math.min(100 * tries, RETRY_MS),
  })
}

/** Whether a new connection to the server works. */
export async function answers(url: string, milliseconds: number): Promise<boolean> {
  const redis = newRedis(url)
  redis.on('error', () => undefined)
  try {
    await within(milliseconds, redis.connect())
    await within(milliseconds, redis.ping())
    return true
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}

/** The address without user and password. */
export function shownUrl(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

function withoutSecrets(url: string, text: string): string {
  const { password } = new URL(url)
  const secrets = [password, decodeURIComponent(password)].filter(Boolean)
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
}

function checkUrl(url: string): void {
  // The address is not quoted: it may hold a password.
  if (URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol) && new URL(url).host) return
  throw new LetiError('usage', '--queue takes the address of a Redis, such as redis://host:6379')
}

const LATE = 'no answer in time'

export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(LATE)), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

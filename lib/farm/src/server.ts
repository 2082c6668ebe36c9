import { LetiError } from '@leti/records'
import type { Redis } from 'ioredis'

/** What of `INFO` tells whether a server keeps what it is given. */
export interface ServerFacts {
  readonly appendOnly: boolean
  /** What is thrown away when the memory is full. */
  readonly evictionPolicy: string
}

export async function readServer(redis: Redis): Promise<ServerFacts> {
  return factsIn(`${await redis.info('persistence')}\n${await redis.info('memory')}`)
}

/** Parses `INFO`; managed servers allow it, but not `CONFIG`. */
export function factsIn(info: string): ServerFacts {
  const value = (name: string): string | undefined =>
    new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
  return {
    appendOnly: value('aof_enabled') === '1',
    evictionPolicy: value('maxmemory_policy') ?? 'unknown',
  }
}

/**
 * Refuses a server that may lose jobs or results.
 *
 * @param isVolatile whether the user accepts that
 * @throws {LetiError} `usage`
 */
export function checkServer(
  { appendOnly, evictionPolicy }: ServerFacts,
  isVolatile: boolean,
): void {
  if (isVolatile) return
  if (!appendOnly) {
    const how = 'start it with --appendonly yes, or accept the loss with --volatile'
    throw new LetiError('usage', `--queue: this Redis loses all jobs when it is killed: ${how}`)
  }
  if (evictionPolicy !== 'noeviction') {
    const how = 'set maxmemory-policy to noeviction, or accept the loss with --volatile'
    const what = `this Redis throws keys away when its memory is full (${evictionPolicy})`
    throw new LetiError('usage', `--queue: ${what}: ${how}`)
  }
}

/**
 * What to tell the user of a server that strangers may reach.
 *
 * @param url of the server
 * @returns `undefined` if it asks for a password, or if only this computer is meant to reach it
 */
export function openDoor(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { hostname, password } = new URL(url)
  if (password || LOOPBACK.test(hostname)) return undefined
  return `the Redis at ${hostname} asks for no password: whoever reaches it can add jobs and read results`
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

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

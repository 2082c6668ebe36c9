import type { RecordError } from '@leti/records'
import type { Redis } from 'ioredis'
import { KEYS } from './names.js'

/** A result in the stream. */
export interface Entry {
  /** Its place in the stream. */
  readonly at: string
  readonly job: string
  /** A record as a line of JSON. */
  readonly line: string
}

/** A job that is given up, for people. */
export interface Aside {
  readonly device: string
  readonly id: string
  readonly error: RecordError
}

/** One step for the server: the result of a job is there once until it is collected. */
const APPEND = `
if redis.call('SADD', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('XADD', KEYS[1], '*', 'job', ARGV[1], 'line', ARGV[3])
redis.call('HINCRBY', KEYS[3], ARGV[2], 1)
return 1`

/** The results on their way from the workers to the collector. */
export class ResultStore {
  constructor(private readonly redis: Redis) {}

  /** Appends the result of a job, unless one is there that was not collected. */
  async append(device: string, job: string, line: string): Promise<void> {
    const { results, unread, done } = KEYS
    await this.redis.eval(APPEND, 3, results, unread, done, job, device, line)
  }

  /** Which of these jobs have a result that was not collected. */
  async have(jobs: readonly string[]): Promise<boolean[]> {
    if (!jobs.length) return []
    const found = await this.redis.smismember(KEYS.unread, ...jobs)
    return found.map((is) => is === 1)
  }

  /** @param after the place of the last result that was read; empty at first */
  async read(after: string, count: number): Promise<Entry[]> {
    const from = after ? `(${after}` : '-'
    const found = await this.redis.xrange(KEYS.results, from, '+', 'COUNT', count)
    return found.map(([at, fields]) => entryOf(at, fields))
  }

  /** Removes results that are safe elsewhere. */
  async remove(entries: readonly Entry[]): Promise<void> {
    if (!entries.length) return
    const removed = this.redis.multi()
    removed.xdel(KEYS.results, ...entries.map(({ at }) => at))
    removed.srem(KEYS.unread, ...entries.map(({ job }) => job))
    await removed.exec()
  }

  async setAside(job: string, aside: Aside): Promise<void> {
    await this.redis.hset(KEYS.aside, job, JSON.stringify(aside))
  }
}

/** Whoever reaches the server can write to the stream: what is missing is empty. */
function entryOf(at: string, fields: readonly string[]): Entry {
  const value = (name: string): string => fields[fields.indexOf(name) + 1] ?? ''
  return { at, job: value('job'), line: value('line') }
}

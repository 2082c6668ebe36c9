import type { Schema, Static } from '@leti/records'
import type { Redis } from 'ioredis'
import { KEYS, MEASURED, queueKey } from './names.js'

/** A result in the stream. */
export interface Entry {
  /** Its place in the stream. */
  readonly at: string
  readonly job: string
  /** A record as a line of JSON. */
  readonly line: string
}

/** A job that is given up, for people. */
export const ASIDE = {
  type: 'object',
  required: ['device', 'id', 'error'],
  properties: {
    device: { type: 'string' },
    id: { type: 'string' },
    error: {
      type: 'object',
      properties: {
        tool: { type: 'string' },
        code: { type: 'string' },
        message: { type: 'string' },
      },
    },
  },
} as const satisfies Schema

export type Aside = Static<typeof ASIDE>

/**
 * One step for the server: a job has one result. A job that is no longer there has one already, and a job whose result was
 * collected before it was done is marked. What may be refused comes first: a script is not undone.
 */
const APPEND = `
local results, unread, done, aside, job = unpack(KEYS)
local id, device, line, given_up = unpack(ARGV)
if redis.call('EXISTS', job) == 0 or redis.call('HEXISTS', job, '${MEASURED}') == 1 then return end
if redis.call('SISMEMBER', unread, id) == 1 then return end
redis.call('XADD', results, '*', 'job', id, 'line', line)
redis.call('SADD', unread, id)
redis.call('HSET', job, '${MEASURED}', 1)
if given_up then
  redis.call('HSET', aside, id, given_up)
else
  redis.call('HDEL', aside, id)
  redis.call('HINCRBY', done, device, 1)
end`

/** The same for what has no job. */
const PASS = `
if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then return end
redis.call('XADD', KEYS[1], '*', 'job', ARGV[1], 'line', ARGV[2])
redis.call('SADD', KEYS[2], ARGV[1])`

/** Which jobs are in a queue, or have a result that was not collected: 1 or 0 for each. */
const KNOW = `
local found = {}
for i = 2, #ARGV do
  found[i - 1] = math.max(redis.call('EXISTS', ARGV[1] .. ARGV[i]), redis.call('SISMEMBER', KEYS[1], ARGV[i]))
end
return found`

/** The results on their way from the workers to the collector. */
export class ResultStore {
  constructor(private readonly redis: Redis) {}

  /**
   * Appends the result of a job, unless it has one.
   *
   * @param aside what to tell people of a job that is given up
   */
  async append(device: string, job: string, line: string, aside?: Aside): Promise<void> {
    const { results, unread, done } = KEYS
    const keys = [results, unread, done, KEYS.aside, queueKey(device, job)]
    const more = aside ? [JSON.stringify(aside)] : []
    await this.redis.eval(APPEND, keys.length, ...keys, job, device, line, ...more)
  }

  /** Appends a result that needs no job, unless one is there that was not collected. */
  async pass(id: string, line: string): Promise<void> {
    await this.redis.eval(PASS, 2, KEYS.results, KEYS.unread, id, line)
  }

  /** Whether a job, which is not done yet, has a result. */
  async isMeasured(device: string, job: string): Promise<boolean> {
    const asked = this.redis.pipeline().hexists(queueKey(device, job), MEASURED)
    const answers = (await asked.sismember(KEYS.unread, job).exec()) ?? []
    for (const [error] of answers) if (error) throw error
    return answers.some(([, is]) => is === 1)
  }

  /** Which of these jobs are in the queue of a device, or have a result that was not collected. */
  async know(device: string, jobs: readonly string[]): Promise<boolean[]> {
    const found = await this.redis.eval(KNOW, 1, KEYS.unread, queueKey(device, ''), ...jobs)
    return (found as number[]).map((is) => is === 1)
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
}

/** Whoever reaches the server can write to the stream: what is missing is empty. */
function entryOf(at: string, fields: readonly string[]): Entry {
  const value = (name: string): string => fields[fields.indexOf(name) + 1] ?? ''
  return { at, job: value('job'), line: value('line') }
}

import type { Redis } from 'ioredis'
import { KEYS, MEASURED, queueKey } from './names.js'
import { parsed } from './parsed.js'
import { ASIDE, type Aside } from './store.js'

/** Each job is in one of these counts. */
interface DeviceCounts {
  readonly device: string
  readonly waiting: number
  readonly active: number
  /** Jobs that killed their workers, and wait for a collector to settle them. */
  readonly failed: number
  readonly done: number
}

export interface Counts {
  readonly devices: readonly DeviceCounts[]
  /** Results that were not collected. */
  readonly uncollected: number
  readonly aside: readonly Aside[]
}

/** Jobs at the head of a queue that are looked at: one whose worker died after it had measured is there. */
const HEAD = 4

/** One step for the server: between two, jobs would go on. A job that has its result counts as done, although it is still in the queue. */
const COUNT = `
local done, unread, aside = unpack(KEYS)
local counts = {}
for i, prefix in ipairs(ARGV) do
  local function open(ids)
    local count = 0
    for _, id in ipairs(ids) do
      if redis.call('HEXISTS', prefix .. id, '${MEASURED}') == 0 then count = count + 1 end
    end
    return count
  end
  local wait = prefix .. 'wait'
  local head = redis.call('LRANGE', wait, -${HEAD}, -1)
  local waiting = redis.call('LLEN', wait) - #head + open(head)
  local active = open(redis.call('LRANGE', prefix .. 'active', 0, -1))
  local failed = open(redis.call('ZRANGE', prefix .. 'failed', 0, -1))
  counts[i] = { waiting, active, failed }
end
return { counts, redis.call('HGETALL', done), redis.call('SCARD', unread), redis.call('HVALS', aside) }`

type Reply = [[number, number, number][], string[], number, string[]]

export async function readCounts(redis: Redis, devices: readonly string[]): Promise<Counts> {
  const prefixes = devices.map((device) => queueKey(device, ''))
  const reply = await redis.eval(COUNT, 3, KEYS.done, KEYS.unread, KEYS.aside, ...prefixes)
  const [counts, flat, uncollected, aside] = reply as Reply
  const done = new Map(flat.flatMap((name, at) => (at % 2 ? [] : [[name, Number(flat[at + 1])]])))
  return {
    devices: devices.map((device, index) => {
      const [waiting, active, failed] = counts[index]
      return { device, waiting, active, failed, done: done.get(device) ?? 0 }
    }),
    uncollected,
    aside: aside.flatMap((text) => parsed(text, ASIDE) ?? []),
  }
}

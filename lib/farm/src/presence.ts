import type { Redis } from 'ioredis'
import type { Schema } from '@leti/records'
import { KEYS, presenceKey } from './names.js'
import { parsed } from './parsed.js'

/** What a process of the farm does, as others see it. */
export type Here =
  WorkerHere | { readonly role: 'submit'; readonly host: string; readonly pid: number }

export interface WorkerHere {
  readonly role: 'work'
  readonly host: string
  readonly pid: number
  readonly device: string
  readonly state: 'absent' | 'waiting' | 'ready' | 'measuring' | 'paused'
  /** Why it is in that state. */
  readonly detail: string
  /** Mean time of its last jobs, s; absent before the first. */
  readonly secondsPerJob?: number | undefined
}

const HERE = {
  type: 'object',
  required: ['role', 'host', 'pid'],
  properties: {
    role: { enum: ['submit', 'work'] },
    host: { type: 'string' },
    pid: { type: 'integer' },
    device: { type: 'string' },
    state: { enum: ['absent', 'waiting', 'ready', 'measuring', 'paused'] },
    detail: { type: 'string' },
    secondsPerJob: { type: 'number', minimum: 0 },
  },
  allOf: [
    {
      if: { type: 'object', properties: { role: { enum: ['work'] } } },
      then: { type: 'object', required: ['device', 'state', 'detail'] },
    },
  ],
} as const satisfies Schema

/** Signs of life of one process, or of one device of it. */
export class Presence {
  private timer: NodeJS.Timeout | undefined
  private readonly name: string

  /** @param read called for each sign */
  constructor(
    private readonly connection: () => Redis,
    private readonly everyMs: number,
    private readonly read: () => Here,
  ) {
    const here = read()
    const device = here.role === 'work' ? `:${here.device}` : ''
    this.name = `${here.role}:${here.host}:${here.pid}${device}`
  }

  async start(): Promise<void> {
    await this.tell()
    this.timer = setInterval(() => this.news(), this.everyMs)
  }

  /** Gives a sign at once, such as when something has changed. */
  news(): void {
    // Without a timer, it has not started or has ended.
    if (this.timer) void this.tell().catch(() => undefined)
  }

  private async tell(): Promise<void> {
    const text = JSON.stringify(this.read())
    const steps = this.connection().multi().sadd(KEYS.present, this.name)
    await steps.set(presenceKey(this.name), text, 'PX', 3 * this.everyMs).exec()
  }

  async end(): Promise<void> {
    clearInterval(this.timer)
    this.timer = undefined
    await this.connection().multi().srem(KEYS.present, this.name).del(presenceKey(this.name)).exec()
  }
}

/** Who is here. Those that gave no sign for long are forgotten. */
export async function whoIsHere(redis: Redis): Promise<Here[]> {
  const names = await redis.smembers(KEYS.present)
  if (!names.length) return []
  const texts = await redis.mget(names.map(presenceKey))
  const gone = names.filter((_, index) => texts[index] === null)
  if (gone.length) await redis.srem(KEYS.present, ...gone)
  return texts.flatMap((text) => (text === null ? [] : (parsed(text, HERE) ?? []))) as Here[]
}

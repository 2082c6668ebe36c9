import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { FarmJob } from './job.js'
import { KEYS, QUEUES, queueName } from './names.js'

export type DeviceQueue = Queue<FarmJob, null>

/** BullMQ's own log of what happens to jobs, of which the farm reads nothing. */
const EVENTS = 100

/** The queues of the devices, each opened once. */
export class Queues {
  private readonly open = new Map<string, DeviceQueue>()

  constructor(readonly redis: Redis) {}

  of(device: string): DeviceQueue {
    const known = this.open.get(device)
    if (known) return known
    const queue: DeviceQueue = new Queue(queueName(device), {
      connection: this.redis,
      prefix: QUEUES,
      streams: { events: { maxLen: EVENTS } },
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: false },
    })
    queue.on('error', () => undefined)
    this.open.set(device, queue)
    return queue
  }

  /** The devices that jobs were submitted for. */
  async devices(): Promise<string[]> {
    return (await this.redis.smembers(KEYS.devices)).sort()
  }

  /** A device measures one network at a time, wherever it is attached. */
  async declare(devices: readonly string[]): Promise<void> {
    await this.redis.sadd(KEYS.devices, ...devices)
    for (const device of devices) await this.of(device).setGlobalConcurrency(1)
  }

  async close(): Promise<void> {
    await Promise.all([...this.open.values()].map((queue) => queue.close()))
  }
}

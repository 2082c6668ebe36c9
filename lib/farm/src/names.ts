/** The names of what the farm keeps in Redis. Several farms on one server take databases of their own. */

/** Prefix of the queues, which are BullMQ's. */
export const QUEUES = 'leti-farm'

export const KEYS = {
  /** Set of the devices that jobs were submitted for. */
  devices: 'leti:farm:devices',
  /** Stream of the results that were not collected. */
  results: 'leti:farm:results',
  /** Set of the jobs of these results. */
  unread: 'leti:farm:unread',
  /** Number of results by device. */
  done: 'leti:farm:done',
  /** What was set aside, by job: JSON of an `Aside`. */
  aside: 'leti:farm:aside',
  /** Set of the processes that were here; each has a key of its own, which expires. */
  present: 'leti:farm:present',
  /** Who collects. */
  collector: 'leti:farm:collector',
} as const

/** Member of a job of BullMQ that has its result. It goes with the job. */
export const MEASURED = 'leti:measured'

/** The queue of a device. BullMQ allows no colon in it. */
export function queueName(device: string): string {
  return encodeURIComponent(device)
}

/** What BullMQ keeps of a queue: its lists, and under the id of a job the job itself. */
export function queueKey(device: string, name: string): string {
  return `${QUEUES}:${queueName(device)}:${name}`
}

export function presenceKey(name: string): string {
  return `${KEYS.present}:${name}`
}

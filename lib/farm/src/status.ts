import { KEYS } from './names.js'
import { whoIsHere, type WorkerHere } from './presence.js'
import type { Queues } from './queues.js'
import type { Aside } from './store.js'

export interface DeviceStatus {
  readonly device: string
  /** Hosts that have it, each with what it does there. */
  readonly hosts: readonly Pick<WorkerHere, 'host' | 'state' | 'detail'>[]
  readonly waiting: number
  readonly active: number
  /** Results so far. */
  readonly done: number
  readonly set_aside: number
  readonly seconds_per_job?: number
  /** Time until its jobs are done; more if there is more to submit. Absent if none has it. */
  readonly seconds_left?: number
}

export interface FarmStatus {
  readonly devices: readonly DeviceStatus[]
  /** Results that were not collected. */
  readonly uncollected: number
  /** Number of processes that submit. */
  readonly submitting: number
  readonly aside: readonly Aside[]
}

export async function farmStatus(queues: Queues): Promise<FarmStatus> {
  const { redis } = queues
  const here = await whoIsHere(redis)
  const done = await redis.hgetall(KEYS.done)
  const aside = Object.values(await redis.hgetall(KEYS.aside)).map(
    (text) => JSON.parse(text) as Aside,
  )
  const workers = here.filter((one) => one.role === 'work')
  const devices: DeviceStatus[] = []
  for (const device of await queues.devices()) {
    const { wait, active, failed } = await queues
      .of(device)
      .getJobCounts('wait', 'active', 'failed')
    const set_aside = failed + aside.filter((one) => one.device === device).length
    const hosts = workers.filter((one) => one.device === device)
    devices.push({
      device,
      hosts: hosts.map(({ host, state, detail }) => ({ host, state, detail })),
      waiting: wait,
      active,
      done: Number(done[device] ?? 0),
      set_aside,
      ...timesOf(hosts, wait + active),
    })
  }
  const submitting = here.filter(({ role }) => role === 'submit').length
  return { devices, uncollected: await redis.scard(KEYS.unread), submitting, aside }
}

function timesOf(hosts: readonly WorkerHere[], jobs: number) {
  const seconds = hosts.find(({ secondsPerJob }) => secondsPerJob !== undefined)?.secondsPerJob
  if (seconds === undefined) return {}
  return { seconds_per_job: seconds, seconds_left: seconds * jobs }
}

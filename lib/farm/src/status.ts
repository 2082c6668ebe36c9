import { readCounts } from './counts.js'
import { whoIsHere, type WorkerHere } from './presence.js'
import type { Queues } from './queues.js'
import type { Aside } from './store.js'

export interface DeviceStatus {
  readonly device: string
  /** Hosts that have it, each with what it does there. */
  readonly hosts: readonly Pick<WorkerHere, 'host' | 'pid' | 'state' | 'detail'>[]
  readonly waiting: number
  readonly active: number
  /** Results so far, without those of jobs that were set aside. */
  readonly done: number
  /** Jobs that were given up. Each job is in one of the four counts. */
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
  const names = await queues.devices()
  const { devices: counts, uncollected, aside } = await readCounts(redis, names)
  const workers = here.filter((one) => one.role === 'work')
  const devices = counts.map(({ device, waiting, active, failed, done }): DeviceStatus => {
    const set_aside = failed + aside.filter((one) => one.device === device).length
    const hosts = workers.filter((one) => one.device === device)
    return {
      device,
      hosts: hosts.map(({ host, pid, state, detail }) => ({ host, pid, state, detail })),
      waiting,
      active,
      done,
      set_aside,
      ...timesOf(hosts, waiting + active),
    }
  })
  const submitting = here.filter(({ role }) => role === 'submit').length
  return { devices, uncollected, submitting, aside }
}

function timesOf(hosts: readonly WorkerHere[], jobs: number) {
  const seconds = hosts.find(({ secondsPerJob }) => secondsPerJob !== undefined)?.secondsPerJob
  if (seconds === undefined) return {}
  return { seconds_per_job: seconds, seconds_left: seconds * jobs }
}

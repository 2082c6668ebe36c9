import { isIdentified, type LetiRecord, type RecordError } from '@leti/records'
import type { Job } from 'bullmq'
import type { FarmJob } from './job.js'
import type { Queues } from './queues.js'
import type { ResultStore } from './store.js'
import { MAX_STALLED } from './timing.js'

/** Jobs of a device that are settled at once. */
const BATCH = 100

/** Gives each job that killed its workers the result that it lacks, an error, and sets it aside. */
export async function settleFailed(queues: Queues, store: ResultStore): Promise<void> {
  for (const device of await queues.devices()) {
    const failed = await queues.of(device).getFailed(0, BATCH - 1)
    for (const job of failed) await settle(device, job, store)
  }
}

/** If its last worker died after it had measured, the job has its result. */
async function settle(device: string, job: Job<FarmJob>, store: ResultStore): Promise<void> {
  const { id = '', data, failedReason } = job
  const { record } = data as { readonly record?: unknown }
  const known = isIdentified(record) ? (record as LetiRecord) : { id: 'unknown' }
  const error = errorOf(failedReason)
  const line = JSON.stringify({ ...known, error, farm: { job: id, device } })
  await store.append(device, id, line, { device, id: known.id, error })
  await job.remove()
}

function errorOf(reason = ''): RecordError {
  const message = reason.startsWith('job stalled')
    ? `its worker died ${MAX_STALLED + 1} times in the midst of this network`
    : reason
  return { tool: 'farm', code: 'device-crashed', message }
}

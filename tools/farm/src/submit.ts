import { hostname } from 'node:os'
import {
  ModelFolder,
  openFarm,
  Presence,
  Submitter,
  TIMING,
  toPool,
  type JobProtocol,
} from '@leti/farm'
import { failedRecord, RecordFile, type Io, type PlacedRecord } from '@leti/pipe'
import { LetiError } from '@leti/records'
import { warnOfDoor, type FarmAddress } from './address.js'
import { FinishedJobs } from './finished.js'
import { RESUME } from './resume.js'

export interface SubmitArguments {
  readonly device: string | undefined
  readonly pool: string | undefined
  readonly models: string | undefined
  readonly resume: string | undefined
  readonly visit: number
  readonly protocol: JobProtocol
}

/** Submits the records of the files for each device. */
export async function submit(
  io: Io,
  files: readonly string[],
  address: FarmAddress,
  { device, pool: shared, models, resume, visit, protocol }: SubmitArguments,
): Promise<void> {
  warnOfDoor(io, address)
  if (!device && !shared) throw new LetiError('usage', '--device is missing')
  const devices = [...new Set(device?.split(',').map((name) => name.trim()))]
  const pool = shared === undefined ? undefined : toPool(shared)
  const resumed = resume === undefined ? undefined : await RecordFile.at(resume, files, RESUME)
  const finished = new FinishedJobs(resumed && resume)
  if (resumed) await finished.start(resumed, io.signal)
  const farm = await openFarm(address.url, address.isVolatile)
  const { queues, store } = farm
  const here = { role: 'submit', host: hostname(), pid: process.pid } as const
  const presence = new Presence(
    () => queues.redis,
    TIMING.presenceMs,
    () => here,
  )
  try {
    await presence.start()
    await queues.declare([...new Set([...devices, ...(pool?.units ?? [])])])
    const { signal } = io
    const options = { devices, pool, protocol, visit, finished, signal }
    const submitter = new Submitter(queues, store, options)
    const share = new ModelFolder(models)
    for await (const placed of io.records(files)) await submitOne(io, placed, submitter, share)
    await submitter.flush()
    const { submitted, skipped } = submitter
    io.warn(
      `${submitted} jobs submitted${skipped ? `, ${skipped} skipped: they wait or have results` : ''}`,
    )
  } catch (error) {
    if (!io.signal.aborted) throw error
  } finally {
    await presence.end()
    await farm.close()
  }
}

async function submitOne(
  io: Io,
  placed: PlacedRecord,
  submitter: Submitter,
  share: ModelFolder,
): Promise<void> {
  if (placed.record.error) {
    io.failed = true
    return submitter.pass(JSON.parse(placed.text) as PlacedRecord['record'])
  }
  try {
    await share.put(placed.record)
  } catch (error) {
    return submitter.pass(failedRecord(io, placed, error))
  }
  await submitter.add(placed.record)
}

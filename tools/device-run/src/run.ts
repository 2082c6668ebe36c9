import {
  Judge,
  KeptModels,
  lockMachines,
  MeasuringDevice,
  ModelMaker,
  networksMeasured,
  RUNTIMES,
  takeLocks,
  type DeviceConfig,
  type Lock,
  type MeasuringOptions,
} from '@leti/devices'
import { RecordFile, type Io } from '@leti/pipe'
import { LetiError, messageOf } from '@leti/records'
import pLimit from 'p-limit'
import type { VisitOptions } from './itinerary.js'
import { measureAll, type Run } from './measure.js'
import { RepetitionsByDevice } from './repetitions.js'
import { EarlierOutput } from './resume/earlier.js'

/** Longest time to close the devices after a signal, in seconds. */
const CLOSE_SECONDS = 30

const RESUME = { option: '--resume', takes: 'the output of device-run' }

export interface RunOptions extends VisitOptions {
  /** The output of an earlier run: what it has measured is skipped. */
  readonly resume?: string | undefined
  /** Whether to wait while another run measures on the same machine. */
  readonly lock: boolean
  /** Whether each record is measured on one of the devices, not on each. */
  readonly share: boolean
  /** Whether the visits so far may tell how often to run a network. */
  readonly planned: boolean
}

/**
 * Measures every record on every device and writes each as soon as it is measured. Devices on one machine
 * take turns; different machines measure at the same time, each at its own pace.
 */
export async function measureRecords(
  io: Io,
  files: readonly string[],
  configs: readonly DeviceConfig[],
  options: MeasuringOptions,
  { resume, lock, planned, share, ...visiting }: RunOptions,
): Promise<void> {
  if (options.profile) checkProfile(configs)
  if (share) checkShare(configs, visiting)
  const resumed = resume === undefined ? undefined : await RecordFile.at(resume, files, RESUME)
  const devices = configs.map((config) => new MeasuringDevice(config, options))
  const maker = new ModelMaker()
  const closeAll = (): Promise<unknown> =>
    Promise.all([maker, ...devices].map((closable) => closable.close()))
  const failed = new AbortController()
  const stopped = AbortSignal.any([io.signal, failed.signal])
  io.endWithin(CLOSE_SECONDS)
  stopped.addEventListener('abort', () => void closeAll())
  const earlier = new EarlierOutput('device-run')
  const onHost = pLimit(1)
  const judge = new Judge(maker, onHost)
  const repetitions = planned ? new RepetitionsByDevice() : undefined
  const models = new KeptModels(
    maker,
    devices.map(({ format }) => format),
  )
  const run: Run = {
    io,
    stopped,
    devices,
    models,
    onHost,
    judge,
    earlier,
    visiting,
    repetitions,
    share,
  }
  const waiting = { signal: stopped, say: (message: string) => io.warn(message) }
  const measured = (): number => networksMeasured(devices)
  const locks: Lock[] = []
  try {
    // Every run takes its file first, then its machines: no two runs wait for each other.
    if (resumed) locks.push(await takeLocks(await resumed.locks(), { ...waiting, measured }))
    await resumed?.read((record) => earlier.add(record), stopped)
    for (const device of devices) await beforeAll(device, () => device.locate())
    if (lock) locks.push(await lockMachines(devices, waiting))
    // If the run was stopped before its listener was added, no event comes.
    stopped.throwIfAborted()
    maker.start()
    await openAll(run, options)
    await resumed?.repair()
    await measureAll(run, files, failed)
    if (resumed) io.warn(`--resume: skipped ${earlier.skipped} that ${resume} already has`)
  } finally {
    await closeAll()
    for (const held of locks) held.release()
  }
}

/** Refuses `--share` if nothing can be shared, or if nothing would tell visits to different devices apart. */
function checkShare(configs: readonly DeviceConfig[], { visits }: VisitOptions): void {
  if (configs.length < 2) throw new LetiError('usage', '--share: name two devices or more')
  if (visits === 1) return
  throw new LetiError('usage', '--share measures each network once: leave out --visits')
}

/** Refuses `--profile` if it would have no effect. */
function checkProfile(configs: readonly DeviceConfig[]): void {
  for (const { name, runtime } of configs) {
    if (RUNTIMES[runtime].profiles) continue
    throw new LetiError('usage', `--profile: ${runtime} does not time kernels on ${name}`)
  }
}

/** Opens all devices; none is used before all are open. */
async function openAll({ devices }: Run, { cooldown }: MeasuringOptions): Promise<void> {
  for (const device of devices) await beforeAll(device, () => device.open())
  if (cooldown !== undefined && !devices.some(({ coolsDown }) => coolsDown)) {
    throw new LetiError('usage', '--cooldown: only phones report how hot they are')
  }
}

/** If a device fails before the first record, nothing is measured: that is a usage error. */
async function beforeAll(device: MeasuringDevice, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw new LetiError('usage', `${device.config.name}: ${messageOf(error)}`, { cause: error })
  }
}

import {
  MeasuringDevice,
  ModelMaker,
  RUNTIMES,
  type DeviceConfig,
  type MeasuringOptions,
} from '@leti/devices'
import { failedRecord, type Io, type PlacedRecord } from '@leti/pipe'
import { asLetiError, LetiError, messageOf, type LetiRecord } from '@leti/records'
import pLimit from 'p-limit'
import { toEach } from './lanes.js'
import { RecordModel } from './model-file.js'
import { measurementKey } from './resume.js'

const TOOL = 'device-run'

/** Longest time to close the devices after a signal, in seconds. */
const CLOSE_SECONDS = 30

/**
 * Measures every record on every device and writes each as soon as it is measured. Devices on one machine
 * take turns; different machines measure at the same time, each at its own pace.
 *
 * @param measured keys of the measurements of an earlier run, which are skipped
 */
export async function measureRecords(
  io: Io,
  files: readonly string[],
  configs: readonly DeviceConfig[],
  options: MeasuringOptions,
  measured: ReadonlySet<string>,
): Promise<void> {
  if (options.profile) checkProfile(configs)
  const devices = configs.map((config) => new MeasuringDevice(config, options))
  const maker = new ModelMaker()
  const closeAll = (): Promise<unknown> =>
    Promise.all([maker, ...devices].map((closable) => closable.close()))
  const failed = new AbortController()
  const stopped = AbortSignal.any([io.signal, failed.signal])
  io.endWithin(CLOSE_SECONDS)
  stopped.addEventListener('abort', () => void closeAll())
  const progress = await io.progress('measured')
  const run: Run = { io, stopped, devices, maker, onHost: pLimit(1), isDue: dueAfter(measured) }
  try {
    // If the run was stopped before this listener was added, no event comes.
    if (stopped.aborted) return
    for (const device of devices) await openFirst(device)
    maker.start()
    checkCooldown(devices, options)
    const lanes = await byMachine(devices)
    const readers = lanes.map((lane, index) => async (records: AsyncIterable<PlacedRecord>) => {
      try {
        for await (const placed of records) {
          if (stopped.aborted) return
          await measureOnLane(run, placed, lane, index === 0)
          progress.tick(placed.record.id)
        }
      } catch (error) {
        // An error that no record caused ends the other lanes too.
        failed.abort()
        throw error
      }
    })
    await toEach(io.records(files), readers)
  } finally {
    progress.stop()
    await closeAll()
  }
}

/** State that all lanes share. */
interface Run {
  readonly io: Io
  /** Aborted when the user stops the run, or when it fails. */
  readonly stopped: AbortSignal
  readonly devices: readonly MeasuringDevice[]
  readonly maker: ModelMaker
  /** Runs work that keeps this computer's CPU busy, one piece at a time. */
  readonly onHost: ReturnType<typeof pLimit>
  readonly isDue: (record: LetiRecord, device: MeasuringDevice) => boolean
}

function dueAfter(measured: ReadonlySet<string>): Run['isDue'] {
  return ({ id }, { config: { name, runtime, backend } }) =>
    !measured.has(measurementKey(id, name, runtime, backend))
}

/** Refuses `--profile` if it would have no effect. */
function checkProfile(configs: readonly DeviceConfig[]): void {
  for (const { name, runtime } of configs) {
    if (RUNTIMES[runtime].profiles) continue
    throw new LetiError('usage', `--profile: ${runtime} does not time kernels on ${name}`)
  }
}

/** If a device cannot be opened at the start, nothing is measured: that is a usage error. */
async function openFirst(device: MeasuringDevice): Promise<void> {
  try {
    await device.open()
  } catch (error) {
    throw new LetiError('usage', `${device.config.name}: ${messageOf(error)}`, { cause: error })
  }
}

function checkCooldown(devices: readonly MeasuringDevice[], { cooldown }: MeasuringOptions): void {
  if (cooldown !== undefined && !devices.some(({ coolsDown }) => coolsDown)) {
    throw new LetiError('usage', '--cooldown: only phones report how hot they are')
  }
}

async function byMachine(devices: readonly MeasuringDevice[]): Promise<MeasuringDevice[][]> {
  const lanes = new Map<string, MeasuringDevice[]>()
  for (const device of devices) {
    const machine = await device.locate()
    lanes.set(machine, [...(lanes.get(machine) ?? []), device])
  }
  return [...lanes.values()]
}

async function measureOnLane(
  run: Run,
  placed: PlacedRecord,
  lane: readonly MeasuringDevice[],
  isFirst: boolean,
): Promise<void> {
  const { record } = placed
  const { io, devices, isDue } = run
  if (record.error) {
    // It is written once, whatever the number of devices.
    if (!isFirst || !devices.some((device) => isDue(record, device))) return
    io.failed = true
    await io.writeLine(placed.text)
    return
  }
  const model = new RecordModel(record, run.maker)
  try {
    for (const device of lane)
      if (isDue(record, device)) await measureOn(run, placed, device, model)
  } finally {
    await model.remove()
  }
}

async function measureOn(
  run: Run,
  placed: PlacedRecord,
  device: MeasuringDevice,
  model: RecordModel,
): Promise<void> {
  const { io, onHost, devices } = run
  const { record, place } = placed
  const { name } = device.config
  let result: LetiRecord
  try {
    const { measurement, precise, cool } = await device.measure(model, onHost)
    if (!cool) io.warn(`${name} did not cool within --cooldown`, place)
    if (!precise) io.warn(`${name} was too noisy or too slow to reach --precision`, place)
    result = { ...record, model: await model.describe(device.format), measurement }
  } catch (error) {
    // A measurement that was interrupted by the user is not a failure of the record.
    if (run.stopped.aborted) return
    result = failedRecord(io, TOOL, placed, devices.length > 1 ? onDevice(name, error) : error)
  }
  await io.write(result)
  await io.flush()
}

/** The error with the device's name, which the record does not have otherwise. */
function onDevice(name: string, error: unknown): unknown {
  const known = asLetiError(error)
  if (!known) return error
  return new LetiError(known.code, `${name}: ${known.message}`, { cause: error })
}

import { MeasuringDevice, type DeviceConfig, type MeasuringOptions } from '@leti/devices'
import { failedRecord, type Io, type PlacedRecord } from '@leti/pipe'
import { LetiError, messageOf, type LetiRecord } from '@leti/records'
import { modelFileOf, type ModelFile } from './model-file.js'
import { measurementKey } from './resume.js'

const TOOL = 'device-run'

/**
 * Measures every record on every device, and writes each as soon as it is measured.
 *
 * @param measured keys of the measurements that an earlier run made
 */
export async function measureRecords(
  io: Io,
  files: readonly string[],
  configs: readonly DeviceConfig[],
  options: MeasuringOptions,
  measured: ReadonlySet<string>,
): Promise<void> {
  const devices = configs.map((config) => new MeasuringDevice(config, options))
  const closeAll = (): Promise<unknown> => Promise.all(devices.map((device) => device.close()))
  const stop = (): void => void closeAll()
  io.signal.addEventListener('abort', stop)
  const progress = await io.progress('measured')
  try {
    for (const device of devices) await openFirst(device)
    for await (const placed of io.records(files)) {
      await measureOnAll(io, placed, devices, measured)
      progress.tick(placed.record.id)
    }
  } finally {
    progress.stop()
    io.signal.removeEventListener('abort', stop)
    await closeAll()
  }
}

/** A device that cannot be had at the start is a wrong configuration: nothing was done. */
async function openFirst(device: MeasuringDevice): Promise<void> {
  try {
    await device.open()
  } catch (error) {
    throw new LetiError('usage', `${device.config.name}: ${messageOf(error)}`, { cause: error })
  }
}

async function measureOnAll(
  io: Io,
  placed: PlacedRecord,
  devices: readonly MeasuringDevice[],
  measured: ReadonlySet<string>,
): Promise<void> {
  const { record } = placed
  const due = devices.filter(
    (device) => !measured.has(measurementKey(record.id, device.config.name, device.backend)),
  )
  if (due.length === 0) return
  if (record.error) {
    io.failed = true
    await io.write(record)
    return
  }
  let file: ModelFile | undefined
  try {
    file = await modelFileOf(record)
    for (const device of due) await measureOn(io, placed, device, file)
  } catch (error) {
    await io.write(failedRecord(io, TOOL, placed, error))
  } finally {
    await file?.remove()
  }
}

async function measureOn(
  io: Io,
  placed: PlacedRecord,
  device: MeasuringDevice,
  { path, model }: ModelFile,
): Promise<void> {
  const { record, place } = placed
  let result: LetiRecord
  try {
    const { measurement, precise } = await device.measure(path)
    if (!precise) {
      io.warn(`${place}: ${device.config.name} was too noisy or too slow for the --precision`)
    }
    result = { ...record, model, measurement }
  } catch (error) {
    // What was under way when the user stopped the run is no failure of the record.
    if (io.signal.aborted) return
    result = failedRecord(io, TOOL, placed, error)
  }
  await io.write(result)
  await io.flush()
}

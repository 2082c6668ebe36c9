/** Measures the records of the input, once the devices are open. */
import {
  measureRecord,
  type Judge,
  type KeptModels,
  type MeasuringDevice,
  type RecordModel,
} from '@leti/devices'
import { failedRecord, type Io, type PlacedRecord } from '@leti/pipe'
import { asLetiError, LetiError, type ErrorCode, type LetiRecord } from '@leti/records'
import pLimit, { type LimitFunction } from 'p-limit'
import { blockSizeOf, itinerary, type Stop, type VisitOptions } from './itinerary.js'
import { expectNetworks } from './expected.js'
import { toEach, toFirst } from './lanes.js'
import type { RepetitionsByDevice } from './repetitions.js'
import type { EarlierOutput } from './resume/earlier.js'

/** State that all lanes share. */
export interface Run {
  readonly io: Io
  /** Aborted when the user stops the run, or when it fails. */
  readonly stopped: AbortSignal
  readonly devices: readonly MeasuringDevice[]
  readonly models: KeptModels
  /** Runs work that keeps this computer's CPU busy, one piece at a time. */
  readonly onHost: LimitFunction
  /** Refuses latencies that cannot be. */
  readonly judge: Judge
  /** What an earlier run has finished. */
  readonly earlier: EarlierOutput
  readonly visiting: VisitOptions
  /** Whether each record is measured on one of the devices: the first that is free. */
  readonly share: boolean
  /** How often to run each network in a visit; `undefined` if a precision decides. */
  readonly repetitions: RepetitionsByDevice | undefined
}

const ONE_VISIT =
  'one visit does not tell how much visits vary, so each network is run for a second or more'

/** The network itself is wrong, so that another visit would fail too. */
const LASTING = new Set<ErrorCode | undefined>(['bad-arch', 'bad-model', 'unsupported'])

/**
 * Measures all records. An error that no record caused ends all lanes.
 *
 * @param failed aborted by such an error
 */
export async function measureAll(
  run: Run,
  files: readonly string[],
  failed: AbortController,
): Promise<void> {
  const { io, stopped, devices } = run
  if (run.visiting.visits === 1) io.explain(ONE_VISIT)
  if (run.share) return measureShared(run, files, failed)
  const progress = await io.progress('measured')
  const lanes = await byMachine(devices)
  const blockSize = await blockSizeOf(files)
  await expectNetworks(devices, files, run.visiting.visits)
  const readers = lanes.map((lane, index) => async (records: AsyncIterable<PlacedRecord>) => {
    const said = new Set<MeasuringDevice>()
    for await (const stop of itinerary(records, lane, run.visiting, blockSize)) {
      if (stopped.aborted) return
      await measureAt(run, stop, index === 0)
      for (const device of lane) sayGone(io, device, said)
      if (lane.every(({ gone }) => gone)) return
      progress.tick(stop.placed.record.id)
    }
  })
  try {
    await toEach(io.records(files), readers.map(endingAll(failed)))
  } finally {
    progress.stop()
  }
}

/** Measures each record on the first device that is free. Devices of one machine take turns. */
async function measureShared(
  run: Run,
  files: readonly string[],
  failed: AbortController,
): Promise<void> {
  const { io, stopped, devices } = run
  const progress = await io.progress('measured')
  const turns = new Map<string, LimitFunction>()
  for (const device of devices) turns.set(await device.locate(), pLimit(1))
  const readers = devices.map(
    (device) =>
      async (records: AsyncIterable<PlacedRecord>, giveBack: (placed: PlacedRecord) => void) => {
        const turn = turns.get(await device.locate()) as LimitFunction
        for await (const placed of records) {
          if (stopped.aborted) return
          const stop = { placed, visit: 1, devices: [device], hopeless: new Set([device]) }
          await turn(() => measureAt(run, stop, true))
          progress.tick(placed.record.id)
          if (!device.gone) continue
          sayGone(io, device, new Set())
          giveBack(placed)
          return
        }
      },
  )
  try {
    await toFirst(io.records(files), readers.map(endingAll(failed)))
  } finally {
    progress.stop()
  }
}

/** Makes a reader whose error ends all others at once: none of them takes it for the failure of a record. */
function endingAll(failed: AbortController) {
  return <Given extends unknown[]>(read: (...given: Given) => Promise<void>) =>
    async (...given: Given): Promise<void> => {
      try {
        await read(...given)
      } catch (error) {
        failed.abort()
        throw error
      }
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

async function measureAt(run: Run, stop: Stop<MeasuringDevice>, isFirst: boolean): Promise<void> {
  const { placed, visit, devices } = stop
  const { record } = placed
  const { io, earlier, models, visiting } = run
  if (record.error) {
    // It is written once, whatever the number of devices.
    if (!isFirst) return
    io.failed = true
    if (!earlier.takeFailed(record)) await io.writeLine(placed.text)
    return
  }
  const model = models.take(record)
  try {
    for (const device of devices) {
      if (device.gone) continue
      const able = run.share ? run.devices : [device]
      if (able.some(({ setting }) => earlier.takeMeasurement(record, setting, visit))) {
        expectLess(device)
        continue
      }
      await measureOn(run, stop, device, model)
    }
  } finally {
    const isLast = visit % visiting.visits === 0
    await (isLast ? model.remove() : models.giveBack(model))
  }
}

async function measureOn(
  run: Run,
  { placed, visit, hopeless }: Stop<MeasuringDevice>,
  device: MeasuringDevice,
  model: RecordModel,
): Promise<void> {
  const { io, onHost, devices } = run
  const { record, place } = placed
  const { name } = device.config
  let result: LetiRecord
  try {
    const repetitions = run.repetitions?.of(device)
    const plan = repetitions?.plan(placed)
    if (plan) io.explain(`${name}: ${plan.reason}`, place)
    const options = { visit, judge: run.judge, onHost, repetitions: plan?.repetitions }
    const { measured, warnings, ...done } = await measureRecord(device, record, model, options)
    repetitions?.add(placed, visit, measured)
    // It may not be judged: another run measures it.
    if (device.gone) return
    for (const warning of warnings) io.warn(warning, place)
    result = done.record
  } catch (error) {
    // A measurement that was interrupted by the user is not a failure of the record.
    if (run.stopped.aborted) return
    // Another run measures it.
    if (device.gone) return
    expectLess(device)
    if (LASTING.has(asLetiError(error)?.code)) hopeless.add(device)
    result = failedRecord(io, placed, devices.length > 1 ? onDevice(name, error) : error)
  }
  await io.write(result)
  await io.flush()
}

/** Says once that a device measures no more. Its networks have no error: another run measures them. */
function sayGone(io: Io, device: MeasuringDevice, said: Set<MeasuringDevice>): void {
  const { gone, config } = device
  if (!gone || said.has(device)) return
  said.add(device)
  io.failed = true
  io.ask(
    `${config.name}: ${gone.message}; it measures no more here, and --resume measures the rest`,
  )
}

/** A network that is not measured does not have to be waited for. */
function expectLess({ progress }: MeasuringDevice): void {
  if (progress.expected) progress.expected--
}

/** The error with the device's name, which the record does not have otherwise. */
function onDevice(name: string, error: unknown): unknown {
  const known = asLetiError(error)
  if (!known) return error
  return new LetiError(known.code, `${name}: ${known.message}`, { cause: error })
}

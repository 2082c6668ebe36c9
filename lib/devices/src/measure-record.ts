import type { LetiRecord } from '@leti/records'
import type { Measured, MeasuringDevice, OnHost } from './measuring-device.js'
import type { RecordModel } from './models/record-model.js'
import type { Judge } from './plausible/judge.js'

export interface RecordMeasuring {
  /** Which of the measurements of the network it is, from 1. */
  readonly visit: number
  /** Refuses latencies that cannot be. */
  readonly judge: Judge
  /** Runs all work that keeps this computer's CPU busy. */
  readonly onHost: OnHost
  /** Number of runs to sample; absent: as many as the precision takes. */
  readonly repetitions?: number | undefined
}

export interface MeasuredRecord {
  /** The record with its `model` and `measurement`. */
  readonly record: LetiRecord
  readonly measured: Measured
  /** What the user should know of the measurement, in words. */
  readonly warnings: readonly string[]
}

/**
 * Measures the network of a record on a device.
 *
 * @throws {LetiError} as `MeasuringDevice.measure`; `implausible`
 */
export async function measureRecord(
  device: MeasuringDevice,
  record: LetiRecord,
  model: RecordModel,
  { visit, judge, onHost, repetitions }: RecordMeasuring,
): Promise<MeasuredRecord> {
  const { name } = device.config
  const measured = await device.measure(model, onHost, repetitions)
  const { measurement, precise, cool } = measured
  const described = await model.describe(device.format)
  await judge.check(device, record, described, measurement)
  const batch = described?.batch ?? measurement.batch
  return {
    record: { ...record, model: described, measurement: { ...measurement, batch, visit } },
    measured,
    warnings: [
      ...(cool ? [] : [`${name} did not cool within --cooldown`]),
      ...(precise ? [] : [`${name} was too noisy or too slow to reach --precision`]),
    ],
  }
}

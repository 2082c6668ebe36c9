import { LetiError } from './errors.js'
import type { Features, LetiRecord } from './record.js'

const ID = /^[A-Za-z0-9._-]+$/

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Checks what every tool relies on: an object with an id that is safe as a file name, and members of
 * the right kind where they are present.
 *
 * @throws {LetiError} `bad-input`
 */
export function toRecord(value: unknown): LetiRecord {
  if (!isObject(value)) throw bad('expected a JSON object, one record a line')
  if (typeof value.id !== 'string' || !ID.test(value.id) || /^\.+$/.test(value.id)) {
    throw bad('"id" must be a string of [A-Za-z0-9._-]')
  }
  for (const member of MEMBERS) {
    if (value[member] !== undefined && !isObject(value[member])) {
      throw bad(`"${member}" must be an object`)
    }
  }
  if (isObject(value.arch) && typeof value.arch.space !== 'string') {
    throw bad('"arch.space" must be a string')
  }
  return value as LetiRecord
}

const MEMBERS = ['arch', 'model', 'measurement', 'features', 'prediction', 'error'] as const

/** What of a measurement's runs can stand for the latency. */
export const STATISTICS = ['median', 'mean', 'min'] as const

export type Statistic = (typeof STATISTICS)[number]

/**
 * The latency that was measured, in ms; undefined where the record has none. Published tables that
 * have no median have a mean, which then stands in for it.
 *
 * @throws {LetiError} `bad-input` where it is not a positive number
 */
export function measuredLatency(
  record: LetiRecord,
  statistic: Statistic = 'median',
): number | undefined {
  if (!record.measurement) return undefined
  const statistics: unknown = record.measurement.latency_ms
  const latency: unknown = isObject(statistics)
    ? (statistics[statistic] ?? (statistic === 'median' ? statistics.mean : undefined))
    : undefined
  if (typeof latency !== 'number' || !(latency > 0) || latency === Infinity) {
    throw bad(`"measurement.latency_ms.${statistic}" must be a positive number of milliseconds`)
  }
  return latency
}

/**
 * The record's features.
 *
 * @throws {LetiError} `missing-feature` where it has none, `bad-input` where one is not finite
 */
export function featuresOf(record: LetiRecord): Features {
  const features = record.features
  if (!features) throw new LetiError('missing-feature', 'no "features": run featurize first')
  for (const name in features) {
    if (!Number.isFinite(features[name])) throw bad(`"features.${name}" must be a finite number`)
  }
  return features
}

function bad(message: string): LetiError {
  return new LetiError('bad-input', message)
}

import type { Io } from '@leti/pipe'
import { nameOf, quarrelsOf, twoGroupsOf, type Sample, type TrainingSet } from '@leti/predictors'
import { LetiError } from '@leti/records'
import { digits } from './digits.js'

/**
 * Warns of measurements of different versions, and of different machines or settings if they are wanted.
 *
 * @throws {LetiError} `usage` if the measurements are of different machines or settings, and must not be
 */
export function checkDifferences(set: TrainingSet, areWanted: boolean, io: Io): void {
  const textsOf = (isVersion: boolean): string =>
    set.differences
      .filter((difference) => difference.isVersion === isVersion)
      .map(({ text }) => text)
      .join('; ')
  const [versions, machines] = [textsOf(true), textsOf(false)]
  if (versions) io.warn(`measured with different versions: ${versions}`)
  if (!machines) return
  const found = `measured on different machines or with different settings: ${machines}`
  if (!areWanted) {
    const advice = 'train on each alone, or on all of them with --mixed'
    throw new LetiError('usage', `${nameOf(set)}: ${found}; ${advice}`)
  }
  io.warn(found)
}

/** Latencies this many times apart are in different units: no two settings of a device differ so much. */
const UNITS = 30

/** Most networks that a warning names. */
const MOST = 3

/**
 * Warns of latencies that contradict each other, as if they were of two machines, units or moments.
 *
 * @throws {LetiError} `usage` if they must be in different units, and must not be
 */
export function checkLatencies(set: TrainingSet, areWanted: boolean, io: Io): void {
  warnOfQuarrels(set.samples, io)
  const groups = twoGroupsOf(set.samples)
  if (!groups) return
  const { fast, slow, factor } = groups
  const examples = [fast, slow].map(([sample]) => `${sample.id}: ${digits(sample.latency_ms)} ms`)
  const found =
    `${fast.length} of ${set.samples.length} measurements are about ${digits(factor)} times faster than ` +
    `the others, for similar networks (${examples.join(', ')})`
  if (factor < UNITS) {
    io.warn(`${found}: were they measured on two machines or in two states of one?`)
    return
  }
  if (areWanted) io.warn(found)
  else {
    const advice =
      'are they in different units? Make them milliseconds, or train on all with --mixed'
    throw new LetiError('usage', `${nameOf(set)}: ${found}: ${advice}`)
  }
}

function warnOfQuarrels(samples: readonly Sample[], io: Io): void {
  const quarrels = quarrelsOf(samples)
  if (!quarrels.length) return
  const named = quarrels.slice(0, MOST).map(({ id, count, min_ms, max_ms }) => {
    return `${id} (${digits(min_ms)} to ${digits(max_ms)} ms in ${count})`
  })
  const more = quarrels.length > MOST ? ` and ${quarrels.length - MOST} more` : ''
  io.warn(`measurements of one network differ by more than the noise: ${named.join(', ')}${more}`)
}

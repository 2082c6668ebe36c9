import type { Io } from '@leti/pipe'
import { nameOf, type TrainingSet } from '@leti/predictors'
import { LetiError } from '@leti/records'

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

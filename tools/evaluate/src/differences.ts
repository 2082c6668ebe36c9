import type { Io } from '@leti/pipe'
import type { Difference } from '@leti/predictors'

/** Warns that the measurements of a device are not of one machine, setting or version. */
export function warnOfDifferences(
  device: string,
  differences: readonly Difference[],
  io: Io,
): void {
  for (const { text, isVersion } of differences) {
    const what = isVersion ? 'with different versions' : 'on different machines or settings'
    io.warn(`${device}: measured ${what}: ${text}`)
  }
}

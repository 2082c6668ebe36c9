import type { Adb } from './adb.js'
import { isShared, noteOf } from './leftovers.js'
import type { PhoneFolder } from './phone-folder.js'
import { setFixedPerformance } from './power-mode.js'

/** The first version of Android that has the mode: 11. */
const SDK = 30

/**
 * Makes the phone hold a clock that it can keep for hours.
 *
 * @param sdk the phone's version of Android; undefined if it does not say
 * @returns whether the phone holds it
 * @throws {LetiError} `device-lost`
 */
export async function fixPerformance(adb: Adb, sdk: number | undefined): Promise<boolean> {
  if (sdk === undefined || sdk < SDK) return false
  const { exitCode } = await setFixedPerformance(adb, true)
  return exitCode === 0
}

/**
 * Gives the phone its own clocks back, even if all else was cancelled, unless another open device needs them held. Never
 * throws: if the phone is lost, the next opening does it.
 */
export async function releasePerformance(adb: Adb, own: PhoneFolder): Promise<void> {
  const free = adb.withoutSignal()
  try {
    if (await isShared(free, own, noteOf.fixedPerformance)) return
    await setFixedPerformance(free, false)
  } catch {
    // The note in the folder stays.
  }
}

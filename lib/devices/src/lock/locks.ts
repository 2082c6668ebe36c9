import { LetiError } from '@leti/records'
import type { MeasuringDevice } from '../measuring-device.js'
import { HOST } from '../host/host.js'
import { describeWait } from './holder.js'
import { takeLock, type Lock, type LockOptions } from './lock.js'

/** Something that one run at a time may use. */
export interface Lockable {
  /** The same in every process. */
  readonly name: string
  /** What a run that holds it does, to tell others: `measures on this computer`. */
  readonly doing: string
}

/** How a run takes its locks. */
export interface Locking extends Omit<LockOptions, 'onWait'> {
  /** Tells the user that the run waits. */
  readonly say: (message: string) => void
}

/**
 * Locks the machines of some devices. Every run takes them in the same order, so no two runs wait for each
 * other.
 *
 * @throws as `takeLocks`; as `MeasuringDevice.locate`
 */
export async function lockMachines(
  devices: readonly MeasuringDevice[],
  { signal, say }: Omit<Locking, 'measured'>,
): Promise<Lock> {
  const machines = new Set<string>()
  for (const device of devices) machines.add(await device.locate())
  const wanted = [...machines].sort().map((machine) => ({
    name: `machine ${machine}`,
    doing: `measures on ${machine === HOST ? 'this computer' : `phone ${machine}`}`,
  }))
  return takeLocks(wanted, {
    signal,
    measured: () => networksMeasured(devices),
    say: (message) => say(`${message}; --no-lock does not wait`),
  })
}

/** Number of networks that some devices have measured. */
export function networksMeasured(devices: readonly MeasuringDevice[]): number {
  return devices.reduce((sum, { measured }) => sum + measured, 0)
}

/**
 * Takes locks, one after the other. Waits for each while another run holds it, and says so.
 *
 * @throws the signal's reason if it is aborted; no lock is held then
 * @throws {LetiError} `usage` if the system refuses
 */
export async function takeLocks(wanted: readonly Lockable[], locking: Locking): Promise<Lock> {
  const taken: Lock[] = []
  const release = (): void => taken.forEach((lock) => lock.release())
  try {
    for (const { name, doing } of wanted) {
      const onWait: LockOptions['onWait'] = (holder) => locking.say(describeWait(doing, holder))
      taken.push(await takeLock(name, { ...locking, onWait }))
    }
    return { release }
  } catch (error) {
    release()
    const { syscall, code } = error as NodeJS.ErrnoException
    if (!syscall) throw error
    throw new LetiError('usage', `cannot make a lock: ${syscall} ${code ?? ''}`, { cause: error })
  }
}

import type { Lock } from '@leti/devices'
import pLimit from 'p-limit'
import type { FarmDevice } from './device.js'
import type { OnMachine } from './device-worker.js'

/** The machines of a host: the devices of one take turns, and no other run measures there. */
export class Machines {
  private readonly taken = new Map<string, { lock: Promise<Lock>; onMachine: OnMachine }>()

  constructor(
    private readonly signal: AbortSignal,
    private readonly say: (message: string) => void,
  ) {}

  /** Waits until no other run uses the machine of a device. */
  async take(machine: string, device: FarmDevice): Promise<OnMachine> {
    const known = this.taken.get(machine) ?? {
      lock: device.lock(this.signal, this.say),
      onMachine: pLimit(1),
    }
    this.taken.set(machine, known)
    await known.lock
    return known.onMachine
  }

  async release(): Promise<void> {
    const locks = [...this.taken.values()].map(({ lock }) => lock.catch(() => undefined))
    for (const lock of await Promise.all(locks)) lock?.release()
  }
}

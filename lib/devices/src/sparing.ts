/** How devices.yaml spares a device: a rest before each network, and a charge below which it measures nothing. */
import { setTimeout as delay } from 'node:timers/promises'
import { isObject, LetiError } from '@leti/records'
import { seconds, type Setting } from './settings.js'

/** Limits on the charge of a battery, in percent. */
export interface ChargeLimits {
  /** Below this, nothing is measured ... */
  readonly min: number
  /** ... until it is this much. */
  readonly until: number
}

/** Without `until`: so far above `min` that a phone does not stop again after the next network. */
const USUAL_GAIN = 10

/** Between two looks at a battery that is charged. */
const CHARGE_POLL_MS = 10_000

/** The setting of every target. */
export const REST = seconds('rest before each network; default: none')

/** The setting of targets with a battery that can be read. */
export const CHARGE: Setting<ChargeLimits> = {
  about:
    'charge of the battery in percent below which it measures nothing, and from which it goes on',
  takes: 'a map of percents such as { min: 30, until: 40 }',
  read: (value) => (isObject(value) ? limitsOf(value) : undefined),
}

/** What a device's settings may say. */
interface SparingSettings {
  /** In seconds. */
  readonly rest?: number
  readonly charge?: ChargeLimits
}

/** A device that waits before its next network. */
interface Waiting {
  readonly machine: string
  /** See `Sparing.chargeProblem`. */
  readonly chargeProblem: () => Promise<string | undefined>
  /** Tells a person why the battery must be charged. */
  readonly say: (problem: string) => void
  /** Ends the wait early. */
  readonly signal: AbortSignal
}

/** When the last network of each machine ended: devices of one machine rest together. */
const ended = new Map<string, number>()

export class Sparing {
  private isLow = false

  /** @param pollMs time between two looks at a battery that is charged */
  constructor(
    private readonly settings: SparingSettings,
    private readonly pollMs = CHARGE_POLL_MS,
  ) {}

  get limitsCharge(): boolean {
    return this.settings.charge !== undefined
  }

  /** A network has ended on a machine. */
  end(machine: string): void {
    ended.set(machine, performance.now())
  }

  /** How long the device is to rest before its next network, in ms. */
  restMs(machine: string): number {
    const { rest } = this.settings
    const last = ended.get(machine)
    if (rest === undefined || last === undefined) return 0
    return Math.max(0, Math.ceil(last + 1000 * rest - performance.now()))
  }

  /**
   * Why the battery must be charged before the next network; `undefined` if it holds enough.
   *
   * @param percent its charge; `undefined` if the device does not tell
   * @throws {LetiError} `usage` if it does not tell
   */
  chargeProblem(percent: number | undefined): string | undefined {
    const { charge } = this.settings
    if (!charge) return undefined
    if (percent === undefined) {
      throw new LetiError('usage', '"charge": the device does not tell the charge of its battery')
    }
    this.isLow = percent < (this.isLow ? charge.until : charge.min)
    return this.isLow ? `its battery is at ${percent}%: it goes on at ${charge.until}%` : undefined
  }

  /**
   * Waits until the device has rested, and its battery is charged.
   *
   * @throws what `chargeProblem` throws
   */
  async wait({ machine, chargeProblem, say, signal }: Waiting): Promise<void> {
    const sleep = (milliseconds: number): Promise<void> =>
      delay(milliseconds, undefined, { signal }).catch(() => undefined)
    for (let isFirst = true; ; isFirst = false) {
      const problem = await chargeProblem()
      if (problem === undefined) break
      if (isFirst) say(problem)
      await sleep(this.pollMs)
    }
    const rest = this.restMs(machine)
    if (rest > 0) await sleep(rest)
  }
}

function limitsOf(value: Readonly<Record<string, unknown>>): ChargeLimits | undefined {
  const { min, until = Math.min(Number(min) + USUAL_GAIN, 100), ...others } = value
  if (Object.keys(others).length) return undefined
  if (typeof min !== 'number' || typeof until !== 'number') return undefined
  return min >= 1 && min < until && until <= 100 ? { min, until } : undefined
}

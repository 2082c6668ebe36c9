import { LetiError } from '@leti/records'

/** What one inference does at least. */
export interface Work {
  readonly macs: number
  /** Every weight is read once. */
  readonly weightBytes: number
}

/** How fast the work was done, per millisecond. */
interface Rate {
  readonly macs: number
  readonly weightBytes: number
}

/** A network may be this much faster than everything that the device did before: clocks and caches differ. */
const MARGIN = 1.2

/** Smaller networks never come near the limits of a device, since each call costs time too. */
const FEWEST_MACS = 1e7

/**
 * Refuses latencies that no inference can have on a device, such as the time to enqueue it. The limits are the highest
 * rates that the device reached in this run: in networks, and in yardsticks, which come near what it can do.
 */
export class Plausibility {
  private most: Rate = { macs: 0, weightBytes: 0 }

  /**
   * @param measureYardsticks measures networks of much work that are about as large as the one in doubt, and gives
   *   each to `add`. It is called whenever a network is faster than everything before: the device may have become
   *   faster since.
   */
  constructor(
    private readonly measureYardsticks: (
      work: Work,
      add: (work: Work, latencyMs: number) => void,
    ) => Promise<void>,
  ) {}

  /** @throws {LetiError} `implausible` */
  async check(work: Work, latencyMs: number): Promise<void> {
    if (work.macs < FEWEST_MACS) return
    const rate = rateOf(work, latencyMs)
    if (this.exceeds(rate)) {
      await this.measureYardsticks(work, (other, latency) => this.add(rateOf(other, latency)))
      if (!this.most.macs) return
      if (this.exceeds(rate)) throw this.implausible(rate, latencyMs)
    }
    this.add(rate)
  }

  private add(rate: Rate): void {
    const { most } = this
    this.most = {
      macs: Math.max(most.macs, rate.macs),
      weightBytes: Math.max(most.weightBytes, rate.weightBytes),
    }
  }

  private exceeds(rate: Rate): boolean {
    const { most } = this
    return rate.macs > MARGIN * most.macs || rate.weightBytes > MARGIN * most.weightBytes
  }

  private implausible(rate: Rate, latencyMs: number): LetiError {
    const { most } = this
    const [what, times] =
      rate.macs > MARGIN * most.macs
        ? ['MACs', rate.macs / most.macs]
        : ['bytes of weights', rate.weightBytes / most.weightBytes]
    const message = `${digits(latencyMs)} ms would be ${digits(times)} times more ${what} per second than the device ever did: the runtime does not time the whole inference, or skips a part of it`
    return new LetiError('implausible', message)
  }
}

function rateOf({ macs, weightBytes }: Work, latencyMs: number): Rate {
  return { macs: macs / latencyMs, weightBytes: weightBytes / latencyMs }
}

function digits(value: number): number {
  return Number(value.toPrecision(3))
}

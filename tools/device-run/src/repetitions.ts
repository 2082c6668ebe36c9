/** How often to run a network in a visit: as often as tells most for the time. */
import type { Measured, MeasuringDevice } from '@leti/devices'
import { bestRepetitions, varianceBetween, type Revisit, type Sitting } from '@leti/measurements'
import type { PlacedRecord } from '@leti/pipe'

/** What a visit told, for the next visit of the network. */
interface Told extends Sitting {
  readonly costMs: number
}

/** Number of pairs that are remembered, so that an endless stream does not fill the memory. */
const MOST_REVISITS = 500

/** A number of runs, with the figures that it follows from. */
export interface Plan {
  readonly repetitions: number
  /** Such as `34 runs of 12.1 ms: they vary by 2.1%, visits by 0.61%, and a visit costs 0.8 s more`. */
  readonly reason: string
}

/** What the visits of one device have told. */
export class Repetitions {
  private readonly last = new WeakMap<PlacedRecord, Told>()
  private readonly revisits: (Revisit & { readonly visit: number })[] = []

  /** @returns `undefined` until a few networks have two visits */
  plan(network: PlacedRecord): Plan | undefined {
    const told = this.last.get(network)
    const between = varianceBetween(this.passes())
    if (!told || !between) return undefined
    const { latencyMs, costMs, count, variance } = told
    // Visits may vary by less than the few pairs can tell.
    const variances = { run: count * variance, visit: Math.max(between.variance, between.error) }
    if (variances.visit === 0) return undefined
    const repetitions = bestRepetitions({ visit: costMs, run: latencyMs }, variances)
    const [run, visit] = [variances.run, variances.visit].map((one) => percent(Math.sqrt(one)))
    const cost = (costMs / 1000).toPrecision(2)
    const runs = `${repetitions} runs of ${latencyMs.toPrecision(3)} ms`
    const reason = `${runs}: they vary by ${run}, visits by ${visit}, and a visit costs ${cost} s more`
    return { repetitions, reason }
  }

  add(network: PlacedRecord, visit: number, { measurement, effort }: Measured): void {
    if (!effort) return
    const { median: latencyMs, count } = measurement.latency_ms
    const told = { latencyMs, count, ...effort }
    const first = this.last.get(network)
    if (first) this.revisits.push({ first, second: told, visit })
    if (this.revisits.length > MOST_REVISITS) this.revisits.shift()
    this.last.set(network, told)
  }

  private passes(): Iterable<readonly Revisit[]> {
    const passes = new Map<number, Revisit[]>()
    for (const revisit of this.revisits) {
      const pass = passes.get(revisit.visit)
      if (pass) pass.push(revisit)
      else passes.set(revisit.visit, [revisit])
    }
    return passes.values()
  }
}

/** Keeps what each device has told. */
export class RepetitionsByDevice {
  private readonly devices = new Map<MeasuringDevice, Repetitions>()

  of(device: MeasuringDevice): Repetitions {
    const known = this.devices.get(device)
    if (known) return known
    const added = new Repetitions()
    this.devices.set(device, added)
    return added
  }
}

function percent(share: number): string {
  return `${(100 * share).toPrecision(2)}%`
}

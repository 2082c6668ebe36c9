import type { Io } from '@leti/pipe'
import { checkKnown, type NetworkPredictor } from '@leti/predictors'
import { MAX_UNKNOWN } from '@leti/predictors/names'
import { LetiError, messageOf, toLetiError, type LetiRecord, type Prediction } from '@leti/records'
import { Front, type BoundRaise, type Judge, type Judged, type Point } from '@leti/search'
import type { Known } from './measuring/known.js'
import type { Objective } from './objectives/objective.js'
import type { SearchOptions } from './options.js'

/** A network with its prediction, and what it may take. */
interface Predicted {
  readonly record: LetiRecord & { readonly prediction: Prediction }
  /** The measured latency, or else the predicted one. */
  readonly latency_ms: number
  /** What it takes at least: its lower bound, unless it was measured. */
  readonly least_ms: number
  /** Its upper bound, raised for the search; absent if it was measured. */
  readonly bound_ms?: number
  /** Whether it is within the budget: as measured, or else by its upper bound. */
  readonly holds: boolean
}

/** A latency is above an interval no more often than outside of it, however errors are distributed. */
export function coverageAt(risk: number): number {
  return 1 - risk
}

/** Judges networks: predicts their latency, and asks for the objective of those within the budget. */
export class Judging {
  /** How many networks were looked at. */
  count = 0
  /** Of records that were read, for messages. */
  readonly places = new WeakMap<LetiRecord, string>()
  /** Networks that the objective does not know. */
  private unknown = 0
  private within = 0
  /** Why the first network that was left out could not be predicted. */
  private problem: string | undefined
  /** Of the networks outside of the budget. */
  private lowestBound = Infinity
  private readonly budget_ms: number
  private readonly coverage: number
  /** Whether networks beyond the budget that may be within it are worth a value of the objective. */
  private readonly looksBeyond: boolean
  private readonly front = new Front<Point & { readonly judged: Judged }>()

  /**
   * @param raise of the upper bounds
   * @param known what was measured; absent if nothing will be
   */
  constructor(
    private readonly networks: NetworkPredictor,
    private readonly objective: Objective,
    private readonly raise: BoundRaise,
    { 'budget-ms': budget_ms, risk }: Pick<SearchOptions, 'budget-ms' | 'risk'>,
    private readonly io: Io,
    private readonly known?: Known,
  ) {
    this.budget_ms = budget_ms
    this.coverage = coverageAt(risk)
    this.looksBeyond = known !== undefined && !objective.isSlow
  }

  readonly judge: Judge = async (records) => {
    this.io.signal.throwIfAborted()
    this.count += records.length
    for (const record of records) if (this.objective.knows?.(record) === false) this.unknown++
    const predicted: (Predicted | undefined)[] = []
    for (const record of records) predicted.push(await this.predicted(record))
    const candidates = predicted.filter((one) => one !== undefined)
    const asked = candidates.map(({ record }) => record)
    const values = asked.length ? await this.objective.valuesOf(asked) : []
    const valueOf = new Map(candidates.map((one, i) => [one, values[i]]))
    return predicted.map((one) => one && this.judged(one, valueOf.get(one)))
  }

  /** What would be on the front if each network took no longer than its lower bound. */
  get possible(): readonly Judged[] {
    return this.front.points.map(({ judged }) => judged)
  }

  /** Says why nothing is proposed: an empty answer might pass for a mistake. */
  explainNothing(): void {
    if (this.io.signal.aborted) return
    const bound = Number(this.lowestBound.toPrecision(4))
    const why = this.objective.whyNone?.()
    const reason = this.within
      ? `none of the ${this.within} networks within the budget has a value of the objective`
      : bound < Infinity
        ? `no network is within the budget: the lowest upper bound is ${bound} ms`
        : `no network could be predicted: ${this.problem ?? 'there is none'}`
    const link = this.within ? ':' : ';'
    this.io.fail(`--budget-ms ${this.budget_ms}`, why ? `${reason}${link} ${why}` : reason)
  }

  /**
   * Says which networks the objective does not know.
   *
   * @param isAll whether all networks were looked at
   */
  tellUnknown(isAll: boolean): void {
    const { count, unknown } = this
    const text = this.objective.summary?.({ count, unknown, isAll })
    if (text !== undefined) this.io.warn(text)
  }

  /** @returns `undefined` if it is certainly outside of the budget, or cannot be predicted */
  private async predicted(record: LetiRecord): Promise<Predicted | undefined> {
    try {
      const { networks, coverage } = this
      const input = networks.needsFile(record) ? await networks.opened(record) : record
      checkKnown(input, MAX_UNKNOWN)
      const prediction = networks.predict(input, coverage)
      const found = this.known?.hasFailed(record.id) ? undefined : this.placed(record, prediction)
      if (found?.holds) this.within++
      return found
    } catch (error) {
      this.problem ??= messageOf(error)
      this.report(record, error)
      return undefined
    }
  }

  private placed(record: LetiRecord, prediction: Prediction): Predicted | undefined {
    const measured = this.known?.of(record.id)
    if (measured) {
      const { latency_ms, measurement } = measured
      if (latency_ms > this.budget_ms) return undefined
      const whole = { ...record, measurement, prediction }
      return { record: whole, latency_ms, least_ms: latency_ms, holds: true }
    }
    const { latency_ms, low_ms = latency_ms } = prediction
    const bound_ms = this.boundOf(prediction)
    const holds = bound_ms <= this.budget_ms
    if (!holds) this.lowestBound = Math.min(this.lowestBound, bound_ms)
    if (!holds && !(this.looksBeyond && low_ms <= this.budget_ms)) return undefined
    return { record: { ...record, prediction }, latency_ms, least_ms: low_ms, bound_ms, holds }
  }

  private judged(predicted: Predicted, value: number | undefined): Judged | undefined {
    if (value === undefined) return undefined
    const { record, latency_ms, least_ms, bound_ms, holds } = predicted
    const judged = { record, latency_ms, value, ...(bound_ms !== undefined && { bound_ms }) }
    if (this.known) this.front.add({ latency_ms: least_ms, value, judged })
    return holds ? judged : undefined
  }

  /** The upper bound. */
  private boundOf({ latency_ms, high_ms }: Prediction): number {
    if (high_ms === undefined) {
      throw new LetiError(
        'out-of-domain',
        `the predictor has no interval of ${this.coverage}: train it on more networks, or raise --risk`,
      )
    }
    return high_ms * this.raise.factorAt(latency_ms)
  }

  /** A network that was read failed as a record; one of a space is only left out. */
  private report(record: LetiRecord, thrown: unknown): void {
    const place = this.places.get(record)
    if (place !== undefined) this.io.caught(place, thrown)
    else {
      const error = toLetiError(thrown)
      if (error.code === 'usage' || error.code === 'internal') throw error
      this.io.warn(`left out: ${error.message}`, record.id)
    }
  }
}

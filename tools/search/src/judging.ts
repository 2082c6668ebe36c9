import type { Io } from '@leti/pipe'
import { checkKnown, type NetworkPredictor } from '@leti/predictors'
import { MAX_UNKNOWN } from '@leti/predictors/names'
import { LetiError, toLetiError, type LetiRecord, type Prediction } from '@leti/records'
import type { Judge, Judged } from '@leti/search'
import type { Objective } from './objectives/objective.js'
import type { SearchOptions } from './options.js'

/** A record with its prediction. */
type Predicted = LetiRecord & { readonly prediction: Prediction }

/** Judges networks: predicts their latency, and asks for the objective of those within the budget. */
export class Judging {
  /** How many networks were looked at. */
  count = 0
  /** Of records that were read, for messages. */
  readonly places = new WeakMap<LetiRecord, string>()
  private within = 0
  /** Of the networks outside of the budget. */
  private lowestBound = Infinity
  private readonly budget_ms: number
  private readonly coverage: number

  constructor(
    private readonly networks: NetworkPredictor,
    private readonly objective: Objective,
    { 'budget-ms': budget_ms, risk }: Pick<SearchOptions, 'budget-ms' | 'risk'>,
    private readonly io: Io,
  ) {
    this.budget_ms = budget_ms
    // A latency is above the interval no more often than outside of it, however errors are distributed.
    this.coverage = 1 - risk
  }

  readonly judge: Judge = async (records) => {
    this.io.signal.throwIfAborted()
    this.count += records.length
    const predicted: (Predicted | undefined)[] = []
    for (const record of records) predicted.push(await this.withinBudget(record))
    const candidates = predicted.filter((record) => record !== undefined)
    const values = candidates.length ? await this.objective.valuesOf(candidates) : []
    const byId = new Map(candidates.map((record, i) => [record, values[i]]))
    return predicted.map((record) => record && judgedOf(record, byId.get(record)))
  }

  /** Says why nothing is proposed: an empty answer might pass for a mistake. */
  explainNothing(): void {
    if (this.io.signal.aborted) return
    const bound = Number(this.lowestBound.toPrecision(4))
    const reason = this.within
      ? `none of the ${this.within} networks within the budget has a value of the objective`
      : bound < Infinity
        ? `no network is within the budget: the lowest upper bound is ${bound} ms`
        : 'no network could be predicted'
    this.io.fail(`--budget-ms ${this.budget_ms}`, reason)
  }

  private async withinBudget(record: LetiRecord): Promise<Predicted | undefined> {
    try {
      const { networks, coverage } = this
      const input = networks.needsFile(record) ? await networks.opened(record) : record
      checkKnown(input, MAX_UNKNOWN)
      const prediction = networks.predict(input, coverage)
      if (!this.holds(prediction)) return undefined
      this.within++
      return { ...record, prediction }
    } catch (error) {
      this.report(record, error)
      return undefined
    }
  }

  /** Whether the upper bound is within the budget. */
  private holds({ high_ms }: Prediction): boolean {
    if (high_ms === undefined) {
      throw new LetiError(
        'out-of-domain',
        `the predictor has no interval of ${this.coverage}: train it on more networks, or raise --risk`,
      )
    }
    if (high_ms <= this.budget_ms) return true
    this.lowestBound = Math.min(this.lowestBound, high_ms)
    return false
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

function judgedOf(record: Predicted, value: number | undefined): Judged | undefined {
  return value === undefined
    ? undefined
    : { record, latency_ms: record.prediction.latency_ms, value }
}

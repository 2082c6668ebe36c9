import type { FusionRules } from '@leti/network'
import type { Io } from '@leti/pipe'
import { nameOf, NetworkPredictor, type Predictor } from '@leti/predictors'
import { isObject, LetiError, messageOf, type LetiRecord } from '@leti/records'
import { remembered } from '../objectives/remembered.js'
import type { Objective } from '../objectives/objective.js'
import type { MeasuringOptions, SearchOptions } from '../options.js'
import { pass, type Pass } from '../pass.js'
import { chosenOf, type Chosen } from './choose.js'
import { Known } from './known.js'
import { measuredBy } from './measure-command.js'
import { MeasuredFile } from './measured-file.js'
import { Retraining } from './retraining.js'

/** How long the measure command may take to close its devices after a signal, in seconds. */
const CLOSE_SECONDS = 32

/**
 * Searches in rounds: proposes, measures what is proposed or uncertain, and trains the predictor again. It ends when
 * enough is measured, or when the front stands still: it is that of the round before, and all of it is measured.
 *
 * @returns the last round's pass, whose predictor knows all measurements
 */
export async function searchInRounds(
  options: SearchOptions,
  measuring: MeasuringOptions,
  predictor: Predictor,
  rules: FusionRules | undefined,
  objective: Objective,
  io: Io,
): Promise<Pass> {
  const retraining = new Retraining(predictor, rules, io)
  const { 'budget-ms': budget_ms, risk, files } = options
  const purpose = { objective: objective.name, budget_ms, risk }
  io.endWithin(CLOSE_SECONDS)
  const path = measuring.measured
  const file = await MeasuredFile.open(path, files, purpose, retraining.isOfDevice, io)
  const known = new Known(predictor.file.statistic)
  const asked = objective.isSlow ? remembered(objective) : objective
  const rounds = new Rounds(options, measuring, retraining, file, known, asked, io)
  try {
    rounds.learnFrom(file.records)
    checkTraining(predictor, known, path)
    const networks = new NetworkPredictor(predictor, rules)
    return await rounds.run(file.hasOwn ? await retraining.on(file.records) : networks)
  } finally {
    file.close()
  }
}

/** A predictor that is trained on less than before would be worse. */
function checkTraining({ file, name }: Predictor, { count }: Known, path: string): void {
  if (count >= file.training.count) return
  const found = `--measured ${path} has ${count} measured networks of ${nameOf(file)}`
  const wanted = `${name} was trained on ${file.training.count}: begin with a copy of its training set`
  throw new LetiError('usage', `${found}, but ${wanted}`)
}

class Rounds {
  private round = 0
  /** The ids of the front of the round before. */
  private front: string | undefined

  constructor(
    private readonly options: SearchOptions,
    private readonly measuring: MeasuringOptions,
    private readonly retraining: Retraining,
    private readonly file: MeasuredFile,
    private readonly known: Known,
    private readonly objective: Objective,
    private readonly io: Io,
  ) {}

  learnFrom(records: readonly LetiRecord[]): void {
    for (const record of records) {
      if (isObject(record.search))
        this.round = Math.max(this.round, Number(record.search.round) || 0)
      this.learn(record)
    }
  }

  /** @param networks the predictor of the first round */
  async run(networks: NetworkPredictor): Promise<Pass> {
    const { options, objective, known, file, io } = this
    let mayMeasure = true
    for (;;) {
      const before = file.records.length
      const found = await pass(options, networks, objective, io, known)
      const chosen = mayMeasure && found.isWhole ? this.next(found) : []
      if (!chosen.length) return found
      mayMeasure = await this.measure(chosen)
      const isOver = io.signal.aborted || file.records.length === before
      const next = isOver ? undefined : await this.retrained()
      if (!next) return found
      networks = next
    }
  }

  /** @returns `undefined` if the measurements give no predictor: what was found before is not lost */
  private async retrained(): Promise<NetworkPredictor | undefined> {
    try {
      return await this.retraining.on(this.file.records)
    } catch (error) {
      this.io.fail(this.file.path, messageOf(error))
      return undefined
    }
  }

  /** What to measure next; nothing if the search is over. */
  private next({ proposals, judging }: Pass): Chosen[] {
    const { measuring, file, known } = this
    const isSettled = (id: string): boolean => known.isSettled(id)
    const proposed = proposals.ranked
    const ids = proposed.map(({ record }) => record.id)
    const front = ids.join(' ')
    const standsStill = front === this.front && ids.every(isSettled)
    this.front = front
    const most = Math.min(measuring.perRound, measuring.measurements - file.count)
    return standsStill || most <= 0 ? [] : chosenOf(proposed, judging.possible, isSettled, most)
  }

  /** @returns whether to go on: the command works */
  private async measure(chosen: readonly Chosen[]): Promise<boolean> {
    this.round++
    const { measuring, options, io, round } = this
    const sent = new Map(chosen.map((one) => [one.record.id, this.requestFor(one)]))
    let measured = 0
    try {
      const answers = measuredBy(measuring.command, [...sent.values()], options.timeout, io)
      for await (const answer of answers) {
        const { search, prediction } = sent.get(answer.id) ?? answer
        if (this.take({ ...answer, search, prediction })) measured++
      }
    } catch (error) {
      io.caught(`round ${round}`, error)
      return false
    } finally {
      this.tell(measured)
    }
    if (!measured) io.fail(`round ${round}`, 'no network could be measured')
    return measured > 0
  }

  private requestFor({ record, value, reason }: Chosen): LetiRecord {
    const { objective, options, round } = this
    const { 'budget-ms': budget_ms, risk } = options
    const search = { objective: objective.name, value, round, reason, budget_ms, risk }
    return { ...record, search }
  }

  /** @returns whether it is a measurement */
  private take(answer: LetiRecord): boolean {
    const { id, error, measurement } = answer
    this.file.append(answer)
    if (error) this.io.fail(id, `not measured: ${error.message ?? error.code ?? 'no reason given'}`)
    else this.retraining.check(answer)
    return this.learn(answer) && measurement !== undefined
  }

  private learn(record: LetiRecord): boolean {
    try {
      this.known.add(record)
      return true
    } catch (error) {
      this.io.caught(record.id, error)
      return false
    }
  }

  private tell(measured: number): void {
    const { file, measuring, options, known, io, round } = this
    const proposed = new Set(file.proposed().map(({ id }) => id))
    const budget_ms = options['budget-ms']
    const broken = [...proposed].filter((id) => (known.of(id)?.latency_ms ?? 0) > budget_ms).length
    io.warn(
      `round ${round}: ${measured} measured, ${file.count} of ${measuring.measurements} in all; of ` +
        `${proposed.size} that were proposed ${broken} took longer than the budget`,
    )
  }
}

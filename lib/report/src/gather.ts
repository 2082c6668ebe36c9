import { deviationOf, mapeFloorOf } from '@leti/measurements'
import { judgedMetrics, nameOf, OtherMachines, type Judged, type Predictor } from '@leti/predictors'
import {
  isObject,
  measuredLatency,
  type LetiRecord,
  type Measurement,
  type Prediction,
  type Statistic,
} from '@leti/records'
import { Curves } from './curves.js'
import type {
  AccuracyRow,
  CurveRow,
  FailureRow,
  KernelRow,
  PredictionRow,
  Row,
  StageRow,
  StepRow,
} from './data.js'
import { Environments } from './environments.js'
import { Made } from './made.js'
import { Panel } from './predictors.js'
import { kernelTimes, stageTimes } from './profile.js'
import { Visits } from './visits.js'

/** A row whose device has no name yet: what tells settings apart is known when all records are. */
type Unnamed = Omit<Row, 'device'> & { readonly setting?: number }

interface Group {
  readonly device: string
  readonly predictor: string
  readonly pairs: Judged[]
  /** Of the measured latencies that say how uncertain they are: relative standard deviations. */
  readonly deviations: number[]
  readonly others: OtherMachines
}

/** Collects what a report shows of each record. */
export class Gathering {
  readonly visits = new Visits()
  readonly environments = new Environments()
  readonly kernels: KernelRow[] = []
  readonly stages: StageRow[] = []
  readonly panel: Panel
  private readonly made = new Made()
  private readonly learned: Curves
  private readonly predicted: PredictionRow[] = []
  private readonly rows: Unnamed[] = []
  private readonly groups = new Map<string, Group>()
  private readonly failed = new Map<string, FailureRow>()

  /** @param predictors judge the records in addition to the predictions that these have */
  constructor(
    private readonly predictors: readonly Predictor[],
    private readonly statistic: Statistic,
  ) {
    this.panel = new Panel(predictors)
    this.learned = new Curves(statistic)
  }

  /** @throws {LetiError} `bad-input` if the measured latency is the latency of no inference */
  add(record: LetiRecord): void {
    const { measurement, prediction, features, model } = record
    const latency = measuredLatency(record, this.statistic)
    const index = this.rows.length
    const [low, high] =
      (this.statistic === 'median' ? measurement?.latency_ms.ci95 : undefined) ?? []
    const values = {
      latency,
      low,
      high,
      macs: model?.macs ?? features?.macs,
      parameters: model?.parameters ?? features?.parameters,
      activations: features?.peak_memory_bytes,
      memory: measurement?.peak_memory_bytes,
    }
    const setting = measurement && this.environments.add(measurement)
    this.rows.push({
      id: record.id,
      space: record.arch?.space ?? 'unknown',
      ...present(values),
      ...(setting !== undefined && { setting }),
      ...soughtOf(record),
      ...(record.arch && { arch: record.arch }),
    })
    if (measurement && setting !== undefined) {
      this.addMeasured(index, record, measurement)
      this.made.addMeasured(setting, measurement)
      this.learned.add(setting, record)
    }
    this.made.addFound(record)
    if (prediction) this.addPrediction(index, record, prediction)
    for (const own of this.panel.predict(record)) {
      if (own.predictor !== prediction?.predictor) this.addPrediction(index, record, own)
    }
  }

  /** Counts a record that an earlier tool could not handle. */
  addFailure({ id, error = {} }: LetiRecord): void {
    const { tool = 'unknown', code = 'unknown', message = '' } = error
    const key = JSON.stringify([tool, code])
    const known = this.failed.get(key) ?? { tool, code, count: 0, example: `${id}: ${message}` }
    this.failed.set(key, { ...known, count: known.count + 1 })
  }

  get failures(): FailureRow[] {
    return [...this.failed.values()]
  }

  /** The rows with the names of their devices. */
  named(): Row[] {
    const names = this.environments.names()
    return this.rows.map(({ setting, ...row }) => ({
      ...row,
      ...(setting !== undefined && { device: names[setting] }),
    }))
  }

  /** Those of predictors for devices that they judge. */
  predictions(): PredictionRow[] {
    return this.predicted.filter(({ row, predictor }) => {
      const { setting } = this.rows[row]
      return setting === undefined || this.panel.judges(predictor, this.environments.base(setting))
    })
  }

  async curves(): Promise<CurveRow[]> {
    return this.learned.rows(this.environments.names())
  }

  /** The commands that made it all, as far as the records and the predictors tell. */
  steps(): StepRow[] {
    return this.made.steps(this.environments.names(), this.predictors)
  }

  /** The metrics as `evaluate` has them: by device and backend, and by predictor. */
  accuracy(): AccuracyRow[] {
    return this.judged().map(({ device, predictor, pairs, deviations }) => ({
      device,
      predictor,
      metrics: judgedMetrics(pairs),
      ...(deviations.length === pairs.length && { floor: mapeFloorOf(deviations) }),
    }))
  }

  /** What should be said of predictions for other machines than the predictor's. */
  warnings(): string[] {
    return this.judged().flatMap(({ device, predictor, others }) =>
      others.list().map((text) => `${device}, predicted by ${predictor}: ${text}`),
    )
  }

  private addMeasured(row: number, record: LetiRecord, measurement: Measurement): void {
    this.visits.add(row, record, measurement)
    for (const time of kernelTimes(measurement.kernels)) this.kernels.push({ row, ...time })
    for (const time of stageTimes(measurement.kernels)) this.stages.push({ row, ...time })
  }

  private judged(): Group[] {
    const groups = [...this.groups.values()]
    return groups.filter(({ device, predictor }) => this.panel.judges(predictor, device))
  }

  private addPrediction(row: number, record: LetiRecord, prediction: Prediction): void {
    const { predictor, latency_ms: predicted, low_ms: low, high_ms: high } = prediction
    this.predicted.push({ row, predictor, predicted, ...present({ low, high }) })
    // Not that of the row, which is rounded: the metrics are those of evaluate.
    const measured = measuredLatency(record, this.statistic)
    if (!record.measurement || measured === undefined) return
    const known = low !== undefined && high !== undefined
    const group = this.groupOf(nameOf(record.measurement), predictor)
    const inside = known ? low <= measured && measured <= high : undefined
    group.pairs.push({ measured, predicted, inside })
    const deviation = deviationOf(record.measurement.quality, this.statistic)
    if (deviation !== undefined) group.deviations.push(deviation)
    group.others.add({ ...record, prediction })
  }

  private groupOf(device: string, predictor: string): Group {
    const key = JSON.stringify([device, predictor])
    const known = this.groups.get(key)
    if (known) return known
    const added = { device, predictor, pairs: [], deviations: [], others: new OtherMachines() }
    this.groups.set(key, added)
    return added
  }
}

/** What `search` says of a network. */
function soughtOf({ search }: LetiRecord): Pick<Row, 'objective' | 'sought'> {
  if (!isObject(search)) return {}
  const { objective: sought, value: objective } = search
  if (typeof objective !== 'number' || typeof sought !== 'string') return {}
  return { objective, sought }
}

/** The members that are known, with six digits: more are noise, and make the page large. */
function present<T extends Record<string, number | undefined>>(values: T): Partial<T> {
  const known = Object.entries(values).filter(([, value]) => Number.isFinite(value))
  return Object.fromEntries(
    known.map(([name, value]) => [name, Number(value?.toPrecision(6))]),
  ) as Partial<T>
}

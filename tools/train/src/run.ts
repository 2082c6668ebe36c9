import { availableParallelism } from 'node:os'
import { useRecords, type Io } from '@leti/pipe'
import {
  metricsTable,
  nameOf,
  PREDICTOR_KINDS,
  predictorText,
  TABLES,
  trainFromTables,
  TrainingRecords,
  trainPredictor,
  type FoldSettings,
  type LatencyScale,
  type PredictorFile,
  type PredictorKind,
  type PredictorKindName,
  type TrainingSet,
  type TrainOptions,
} from '@leti/predictors'
import { LetiError, type Statistic } from '@leti/records'
import { warnOfLeftOut } from './left-out.js'
import { checkDifferences, checkLatencies } from './mixture.js'
import { checkSpaces, readReferences } from './references.js'
import { startThreads } from './threads.js'

interface TrainArguments {
  readonly files: readonly string[]
  readonly model?: PredictorKindName | undefined
  readonly target: LatencyScale
  /** Folds of the cross-validation. */
  readonly folds?: number | undefined
  readonly seed: number
  /** Threads; all cores if absent. */
  readonly jobs?: number | undefined
  /** Files of predictors or of measured records of other devices. */
  readonly reference?: readonly string[] | undefined
  readonly statistic: Statistic
  readonly device?: string | undefined
  readonly backend?: string | undefined
  /** Whether to train on measurements of several machines or settings. */
  readonly mixed: boolean
}

/** Writes the predictor that the measured records give, and prints its metrics. */
export async function run(options: TrainArguments, io: Io): Promise<void> {
  const { files, device, backend, statistic, model: wanted, reference, mixed, ...fitting } = options
  const { predictors, table } = await readReferences(reference ?? [], statistic, io)
  if (table && wanted) {
    const message = '--model does not apply if --reference is a file of measured records'
    throw new LetiError('usage', message)
  }
  const model = wanted ?? (predictors.length ? 'transfer' : 'auto')
  const { usesKernels }: PredictorKind = PREDICTOR_KINDS[model]
  const knownBy = table ? 'id' : usesKernels ? 'kernels' : 'features'
  const records = new TrainingRecords({ device, backend }, statistic, knownBy)
  const skipped = await useRecords(io, files, (record, place) => records.add(record, place))
  if (skipped) io.warn(`records with an error, left out: ${skipped}`)
  if (io.signal.aborted) return
  const set = records.training()
  checkDifferences(set, mixed, io)
  if (!table) checkLatencies(set, mixed, io)
  checkSpaces(predictors, set.spaces)
  const { target: latencyScale, folds, seed, jobs = availableParallelism() } = fitting
  const trainOptions = {
    model,
    latencyScale,
    folds,
    seed,
    references: predictors.map((reference) => reference.asReference()),
    threads: jobs > 1 ? (settings: FoldSettings) => startThreads(settings, jobs) : undefined,
  }
  const predictor = table ? trainFromTables(set, table) : await shown(set, trainOptions, io)
  warnOfLeftOut(predictor.training, set.samples, io)
  await io.writeLine(predictorText(predictor, set.samples))
  await io.print(tableOf(predictor))
  if (!table && !io.signal.aborted) warnOfUnknownNoise(predictor, io)
}

/** Trains, and shows what is done. */
async function shown(set: TrainingSet, options: TrainOptions, io: Io): Promise<PredictorFile> {
  // The first step is the search for wrong measurements.
  const progress = await io.progress('trained', 1)
  try {
    return await trainPredictor(set, { ...options, progress })
  } finally {
    progress.stop()
  }
}

/** Without second visits, nothing tells an error of the predictor from one of the measurements. */
function warnOfUnknownNoise({ cross_validation, statistic }: PredictorFile, io: Io): void {
  if (cross_validation.mape_floor_percent !== undefined) return
  const advice = 'measure them with device-run --visits 2'
  const more =
    statistic === 'mean' ? ', and train on the visits: detrend tells no noise of means' : ''
  const problem = 'too few networks have a second visit to tell how much of the error is noise'
  io.warn(`${problem}: ${advice}${more}`)
}

function tableOf(predictor: PredictorFile): string {
  const { model, training, cross_validation } = predictor
  const { folds, metrics, proxy, tried = [], mape_floor_percent: floor } = cross_validation
  const name = nameOf(predictor)
  const judged =
    model === TABLES
      ? `as ${folds} runs of the tables are predicted from the others`
      : `${folds}-fold cross-validation`
  const { count, measurements = count } = training
  const networks = measurements > count ? ` of ${count} networks` : ''
  const title = `${name}: ${measurements} measurements${networks}, ${judged}`
  const chosen = tried
    .filter(({ weight }) => weight > 0)
    .map(shareOf)
    .join(' + ')
  const rows = tried.length
    ? tried.map((trial) => [`  ${trial.model}`, trial.metrics] as const)
    : proxy
      ? [['flops', proxy] as const]
      : []
  const table = metricsTable(title, [[model, metrics], ...rows])
  if (model === TABLES)
    return `${table}\nmedian error: ${(metrics.median_ape_percent ?? NaN).toFixed(1)}%`
  const noise =
    floor === undefined ? '' : `\na perfect predictor has a MAPE of ${floor.toFixed(2)}%: the noise`
  return table + noise + (chosen && `\nauto is ${chosen}`)
}

function shareOf({ model, weight }: { model: string; weight: number }): string {
  return weight === 1 ? model : `${Math.round(100 * weight)}% ${model}`
}

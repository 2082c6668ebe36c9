import {
  choiceOption,
  defaultedNumberOption,
  defineTool,
  SEED_RANGE,
  statisticOption,
  useRecords,
} from '@leti/pipe'
import { LetiError } from '@leti/records'
import { checkSpaces, readReferences } from './references.js'
import {
  PREDICTOR_KIND_NAMES,
  PREDICTOR_KINDS,
  metricsTable,
  nameOf,
  readableJson,
  TABLES,
  LATENCY_SCALES,
  trainFromTables,
  trainPredictor,
  TrainingRecords,
  type PredictorKind,
  type PredictorKindName,
  type PredictorFile,
} from '@leti/predictors'

export const tool = defineTool({
  name: 'train',
  summary: 'Fits a latency predictor to measured networks.',
  reads:
    'features, kernels with --model kernels, measurement (device, backend, latency_ms, environment), arch.space',
  writes: 'no records: the predictor as one JSON document; its cross-validated metrics on stderr',
  examples: [
    ['train < measured.ndjson > predictor.json', 'Train the best kind of predictor'],
    ['train --model flops --target log measured.ndjson', 'Show how accurate the MACs alone are'],
    [
      'train --reference a.json --reference b.json twenty.ndjson > new.json',
      'A predictor for a new device from 20 measurements',
    ],
    [
      'train --reference tables.ndjson five.ndjson > new.json',
      'Predict published networks on a device from measurements of five',
    ],
    ['train --device pixel --backend webgpu a.ndjson b.ndjson > pixel.json', 'Select one device'],
  ],
  options: {
    model: {
      type: 'string',
      requiresArg: true,
      describe: `Kind of predictor: ${kindsHelp()} (default: auto, transfer with --reference)`,
      coerce: kindOf,
    },
    target: choiceOption(
      'target',
      'Scale on which latency is fitted: ms (linear) or logarithms (log)',
      LATENCY_SCALES,
      'linear',
    ),
    folds: defaultedNumberOption('folds', 'Folds of the cross-validation', 10, {
      min: 2,
      integer: true,
    }),
    seed: defaultedNumberOption('seed', 'Seed for assigning folds', 0, SEED_RANGE),
    reference: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe:
        'Predictor of another device, or measured records of several devices (may be repeated)',
    },
    statistic: statisticOption('Statistic of the runs to learn'),
    device: {
      type: 'string',
      requiresArg: true,
      describe: 'Use only the measurements of this device',
    },
    backend: {
      type: 'string',
      requiresArg: true,
      describe: 'Use only the measurements of this backend',
    },
  },
  takesFiles: true,
  endsAtOnce: true,
  async run({ files, device, backend, statistic, model: wanted, reference, ...fitting }, io) {
    const { predictors, table } = await readReferences(reference ?? [], statistic, io)
    if (table && wanted) {
      const message = '--model does not apply if --reference is a file of measured records'
      throw new LetiError('usage', message)
    }
    const model = wanted ?? (predictors.length ? 'transfer' : 'auto')
    const { usesKernels }: PredictorKind = PREDICTOR_KINDS[model]
    const knownBy = table ? 'id' : usesKernels ? 'kernels' : 'features'
    const records = new TrainingRecords({ device, backend }, statistic, knownBy)
    const skipped = await useRecords(io, 'train', files, (record) => records.add(record))
    if (skipped) io.warn(`records with an error, left out: ${skipped}`)
    if (io.signal.aborted) return
    const set = records.training()
    if (set.mixed.length) io.warn(`the records differ in ${set.mixed.join(', ')}`)
    checkSpaces(predictors, set.spaces)
    const { target: latencyScale, folds, seed } = fitting
    const options = {
      model,
      latencyScale,
      folds,
      seed,
      references: predictors.map((reference) => reference.asReference()),
    }
    const predictor = table ? trainFromTables(set, table) : await trainPredictor(set, options)
    const { left_out } = predictor.training
    if (left_out) io.warn(`${left_out}: left out, the other measurements contradict it`)
    await io.writeLine(readableJson(predictor))
    io.print(tableOf(predictor))
  },
})

function tableOf(predictor: PredictorFile): string {
  const { model, training, cross_validation } = predictor
  const { folds, metrics, proxy, tried = [] } = cross_validation
  const name = nameOf(predictor)
  const judged =
    model === TABLES
      ? `as ${folds} runs of the tables are predicted from the others`
      : `${folds}-fold cross-validation`
  const title = `${name}: ${training.count} measurements, ${judged}`
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
  return table + (chosen && `\nauto is ${chosen}`)
}

function shareOf({ model, weight }: { model: string; weight: number }): string {
  return weight === 1 ? model : `${Math.round(100 * weight)}% ${model}`
}

function kindsHelp(): string {
  return PREDICTOR_KIND_NAMES.map((name) => `${name} (${PREDICTOR_KINDS[name].summary})`).join(', ')
}

function kindOf(value: string | undefined): PredictorKindName | undefined {
  if (value === undefined) return undefined
  const found = PREDICTOR_KIND_NAMES.find((name) => name === value)
  if (found) return found
  throw new LetiError(
    'usage',
    `--model: unknown "${value}"; known: ${PREDICTOR_KIND_NAMES.join(', ')}`,
  )
}

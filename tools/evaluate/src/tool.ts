import {
  defaultedNumberOption,
  defineTool,
  numberOption,
  SEED_RANGE,
  statisticOption,
} from '@leti/pipe'
import { PREDICTOR_KIND_NAMES, PREDICTOR_KINDS, type PredictorKindName } from '@leti/predictors'
import { LetiError } from '@leti/records'
import { curveRows } from './curve.js'
import { predictionRows } from './predictions.js'
import { csvOf, tableOf } from './show.js'

/** The kinds that need no predictors of other devices. */
const CURVE_KINDS = PREDICTOR_KIND_NAMES.filter((kind) => !PREDICTOR_KINDS[kind].needsReferences)

export const tool = defineTool({
  name: 'evaluate',
  summary: 'Compares predictions with measurements: by device, by size, as a learning curve.',
  reads:
    'measurement (device, backend, latency_ms), prediction; with --learning-curve features instead',
  writes: 'no records: a table; with --json one JSON document, with --csv a table for spreadsheets',
  examples: [
    ['predict --predictor p.json measured.ndjson | evaluate', 'How accurate are the predictions?'],
    ['predict --predictor p.json measured.ndjson | evaluate --bins 4', 'Also by size'],
    [
      'featurize measured.ndjson | evaluate --learning-curve 50,100,300 --model additive',
      'How many measurements are needed?',
    ],
  ],
  options: {
    bins: defaultedNumberOption('bins', 'Parts of equal size, by measured latency', 1, {
      min: 1,
      max: 100,
      integer: true,
    }),
    'learning-curve': {
      type: 'string',
      requiresArg: true,
      describe: 'Numbers of training networks, such as 50,100,300; the others are the test set',
    },
    model: {
      type: 'string',
      requiresArg: true,
      describe: `Kinds of predictors of the curve, comma-separated: ${CURVE_KINDS.join(', ')} (default: auto)`,
    },
    splits: numberOption('splits', 'Random splits of the curve (default: 5)', {
      min: 1,
      integer: true,
    }),
    seed: defaultedNumberOption('seed', 'Seed of the first split', 0, SEED_RANGE),
    statistic: statisticOption('Statistic of the runs to compare with'),
    json: { type: 'boolean', default: false, describe: 'JSON instead of the table' },
    csv: { type: 'boolean', default: false, describe: 'CSV instead of the table' },
  },
  takesFiles: true,
  endsAtOnce: true,
  async run({ files, bins, model, splits, seed, statistic, json, csv, ...argv }, io) {
    const curve = argv['learning-curve']
    if (json && csv) throw new LetiError('usage', '--json and --csv exclude each other: choose one')
    if (curve === undefined && (model ?? splits) !== undefined) {
      throw new LetiError('usage', '--model and --splits require --learning-curve')
    }
    const rows =
      curve === undefined
        ? await predictionRows(files, { bins, statistic }, io)
        : await curveRows(
            files,
            {
              counts: countsOf(curve),
              kinds: kindsOf(model ?? 'auto'),
              splits: splits ?? 5,
              seed,
              statistic,
            },
            io,
          )
    if (io.signal.aborted) return
    if (json) await io.writeLine(JSON.stringify(rows, undefined, 2))
    else await io.writeLine(csv ? csvOf(rows) : tableOf(rows))
  },
})

function countsOf(text: string): number[] {
  const counts = text.split(',').map(Number)
  if (counts.every((count) => Number.isInteger(count) && count >= 5)) return counts
  throw new LetiError('usage', '--learning-curve takes whole numbers of at least 5, such as 50,100')
}

function kindsOf(text: string): PredictorKindName[] {
  return text.split(',').map((name) => {
    const found = CURVE_KINDS.find((known) => known === name.trim())
    if (found) return found
    throw new LetiError('usage', `--model: unknown "${name}"; known: ${CURVE_KINDS.join(', ')}`)
  })
}

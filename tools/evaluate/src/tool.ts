import {
  defaultedNumberOption,
  defineTool,
  numberOption,
  SEED_RANGE,
  statisticOption,
} from '@leti/pipe'
import { CURVE_KINDS } from './curve-kinds.js'

export const tool = defineTool({
  name: 'evaluate',
  summary:
    'Compares predictions with measurements, by device, by size, as a learning curve; or two runs.',
  reads:
    'measurement (device, backend, latency_ms), prediction; with --learning-curve features instead; with --against neither',
  writes: 'no records: a table; with --json one JSON document, with --csv a table for spreadsheets',
  examples: [
    ['predict --predictor p.json measured.ndjson | evaluate', 'How accurate are the predictions?'],
    ['predict --predictor p.json measured.ndjson | evaluate --bins 4', 'Also by size'],
    [
      'featurize measured.ndjson | evaluate --learning-curve 50,100,300 --model additive',
      'How many measurements are needed?',
    ],
    [
      'evaluate --against monday.ndjson --fail-above 5% tuesday.ndjson',
      'Did networks become slower?',
    ],
    [
      'evaluate --against baseline.ndjson --fail-above 5% nights/*.ndjson',
      'Did they, by the change points of many nights?',
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
    against: {
      type: 'string',
      requiresArg: true,
      describe: 'Measurements of the same networks in earlier runs: how well do the two agree?',
    },
    'fail-above': {
      type: 'string',
      requiresArg: true,
      describe:
        'With --against: exit code 1 if a network changed and is slower by more than this, such as 5%',
    },
    seed: defaultedNumberOption('seed', 'Seed of the first split', 0, SEED_RANGE),
    statistic: statisticOption('Statistic of the runs to compare with'),
    json: { type: 'boolean', default: false, describe: 'JSON instead of the table' },
    csv: { type: 'boolean', default: false, describe: 'CSV instead of the table' },
  },
  takesFiles: true,
  endsAtOnce: true,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})

import {
  choiceOption,
  defaultedNumberOption,
  defineTool,
  numberOption,
  optionalChoiceOption,
  SEED_RANGE,
  statisticOption,
} from '@leti/pipe'
import {
  LATENCY_SCALES,
  PREDICTOR_KIND_NAMES,
  PREDICTOR_KIND_SUMMARIES,
} from '@leti/predictors/names'

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
    model: optionalChoiceOption(
      'model',
      `Kind of predictor: ${kindsHelp()} (default: auto, transfer with --reference)`,
      PREDICTOR_KIND_NAMES,
    ),
    target: choiceOption(
      'target',
      'Scale on which latency is fitted: ms (linear) or logarithms (log)',
      LATENCY_SCALES,
      'linear',
    ),
    folds: numberOption(
      'folds',
      'Folds of the cross-validation; by default 10, beyond 1,000 networks 5, beyond 5,000 networks 3',
      { min: 2, integer: true },
    ),
    seed: defaultedNumberOption('seed', 'Seed for assigning folds', 0, SEED_RANGE),
    jobs: numberOption('jobs', 'Threads; by default one for each core', {
      min: 1,
      max: 256,
      integer: true,
    }),
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
    mixed: {
      type: 'boolean',
      default: false,
      describe:
        'Train on measurements of different machines, settings or units, which are refused otherwise',
    },
  },
  takesFiles: true,
  endsAtOnce: true,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})

function kindsHelp(): string {
  return PREDICTOR_KIND_NAMES.map((name) => `${name} (${PREDICTOR_KIND_SUMMARIES[name]})`).join(
    ', ',
  )
}

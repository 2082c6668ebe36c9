import { RUNTIMES_WITH_RULES } from '@leti/network/names'
import { defaultedNumberOption, defineTool, numberOption } from '@leti/pipe'
import { MAX_UNKNOWN } from '@leti/predictors/names'

export const tool = defineTool({
  name: 'predict',
  summary: 'Predicts the latency of networks with a predictor that train made.',
  reads:
    'features, kernels, unknown, or else arch; measurement.batch; measurement.latency_ms with --report',
  writes: 'prediction (latency_ms, low_ms, high_ms, coverage, predictor, trained_on)',
  examples: [
    ['nb101-sample -n 5 | predict --predictor predictor.json', 'Predict'],
    ['predict --predictor predictor.json --report measured.ndjson', 'Compare with measurements'],
  ],
  options: {
    predictor: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      describe: 'File that train wrote',
    },
    coverage: defaultedNumberOption(
      'coverage',
      'Share of latencies that the intervals contain',
      0.9,
      {
        min: 0.5,
        max: 0.99,
      },
    ),
    'max-unknown': defaultedNumberOption(
      'max-unknown',
      'Largest share of the work that operators may have that LETI does not know',
      MAX_UNKNOWN,
      { min: 0, max: 1 },
    ),
    fusion: {
      type: 'string',
      requiresArg: true,
      describe: `What featurize --fusion was for the training set: ${RUNTIMES_WITH_RULES.join(', ')}, or a file`,
    },
    jobs: numberOption('jobs', 'Threads; by default one for each core', {
      min: 1,
      max: 256,
      integer: true,
    }),
    report: {
      type: 'boolean',
      default: false,
      describe: 'Write metrics over the measured records to stderr',
    },
  },
  takesFiles: true,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})

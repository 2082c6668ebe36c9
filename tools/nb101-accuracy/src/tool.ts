import { defineTool } from '@leti/pipe'

const text = { type: 'string', requiresArg: true } as const

export const tool = defineTool({
  name: 'nb101-accuracy',
  summary: 'Adds the published accuracies to cells of NAS-Bench-101.',
  reads: 'id (nb101-<public module hash>), or arch',
  writes: 'accuracy (validation, test, train, training_s, epochs, parameters, runs)',
  examples: [
    [
      'nb101-sample --all | nb101-accuracy --data nasbench_only108.tfrecord > accuracy.ndjson',
      'The accuracies of the whole space',
    ],
    [
      'nb101-sample -n 100 | nb101-accuracy --data nasbench_full.tfrecord --half-way',
      'All epoch budgets of 100 cells, with the evaluations half-way',
    ],
  ],
  options: {
    data: {
      ...text,
      demandOption: true,
      describe: "The benchmark's file: nasbench_only108.tfrecord or nasbench_full.tfrecord",
    },
    index: { ...text, describe: 'Index of the file, written once (default: beside it)' },
    'half-way': {
      type: 'boolean',
      default: false,
      describe: 'Also the evaluations after half of the epochs, which end no training',
    },
  },
  takesFiles: true,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})

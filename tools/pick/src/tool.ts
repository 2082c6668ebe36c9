import { defineTool, numberOption } from '@leti/pipe'

export const tool = defineTool({
  name: 'pick',
  summary: 'Picks the networks whose measurements are the most informative for a predictor.',
  reads: 'features, arch.space',
  writes: 'the picked records, unchanged, the most informative first',
  examples: [
    ['space-sample --space nb201 -n 2000 | featurize | pick -n 100', 'A hundred training networks'],
    [
      'featurize cells.ndjson | pick -n 20 --reference a.json --reference b.json | device-run -d phone',
      'Twenty cells that compare a phone with known devices',
    ],
  ],
  options: {
    number: {
      ...numberOption('number', 'Number of networks to pick', { min: 1, integer: true }),
      alias: 'n',
      demandOption: true,
    },
    reference: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Predictor that train --reference will use (may be repeated)',
    },
  },
  takesFiles: true,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})

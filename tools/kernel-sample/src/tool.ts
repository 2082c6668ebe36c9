import { defaultedNumberOption, defineTool, numberOption, SEED_RANGE } from '@leti/pipe'

const options = {
  number: {
    ...numberOption('number', 'Number of networks to draw, two for each kernel', {
      min: 1,
      integer: true,
    }),
    alias: 'n',
  },
  seed: defaultedNumberOption(
    'seed',
    'Seed; a longer draw begins with the same networks',
    0,
    SEED_RANGE,
  ),
  adaptive: {
    type: 'string',
    requiresArg: true,
    describe: 'Draw more kernels whose time this predictor is uncertain about',
  },
} as const

export const tool = defineTool({
  name: 'kernel-sample',
  summary: 'Samples single kernels of real networks, for learning what each kernel costs.',
  reads: 'nothing',
  writes: 'id, arch',
  examples: [
    [
      'kernel-sample -n 2000 | device-run -d node | featurize | train --model kernels > node.json',
      'Learn what the kernels of real networks cost',
    ],
    [
      'kernel-sample -n 500 --seed 1 --adaptive node.json > more.ndjson',
      'Kernels that the predictor is still uncertain about',
    ],
    ['kernel-sample -n 100 --seed 1 | gen-model | jq .model.macs', 'MACs of 100 networks'],
  ],
  options,
  takesFiles: false,
  run: async (options, io) => (await import('./run.js')).run(options, io),
})

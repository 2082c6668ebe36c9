import { defaultedNumberOption, numberOption, runTool, SEED_RANGE } from '@leti/pipe'
import { LetiError } from '@leti/records'
import { drawKernels } from '@leti/spaces'

const options = {
  number: {
    ...numberOption('number', 'Draw this many networks, two of each kernel', {
      min: 1,
      integer: true,
    }),
    alias: 'n',
  },
  seed: defaultedNumberOption(
    'seed',
    'Seed of the draw; a longer draw starts with the same',
    0,
    SEED_RANGE,
  ),
} as const

await runTool(import.meta.url, {
  name: 'kernel-sample',
  summary: 'Samples single kernels of real networks, to learn what each costs.',
  reads: 'nothing',
  writes: 'id, arch',
  examples: [
    [
      'kernel-sample -n 2000 | device-run -d node | featurize | train --model kernels > node.json',
      'Learn what the kernels of real networks cost',
    ],
    ['kernel-sample -n 100 --seed 1 | gen-model | jq .model.macs', 'MACs of a hundred'],
  ],
  options,
  takesFiles: false,
  run: async ({ number, seed }, io) => {
    if (number === undefined) throw new LetiError('usage', '-n is needed')
    for (const record of drawKernels(number, seed)) {
      if (io.signal.aborted) return
      await io.write(record)
    }
  },
})

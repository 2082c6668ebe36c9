import { featurizeArch } from '@leti/features'
import { defaultedNumberOption, defineTool, numberOption, SEED_RANGE } from '@leti/pipe'
import { readPredictor } from '@leti/predictors'
import { LetiError, type LetiRecord } from '@leti/records'
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
  adaptive: {
    type: 'string',
    requiresArg: true,
    describe: 'Draw more of the kernels of which this predictor is in doubt',
  },
} as const

export const tool = defineTool({
  name: 'kernel-sample',
  summary: 'Samples single kernels of real networks, to learn what each costs.',
  reads: 'nothing',
  writes: 'id, arch',
  examples: [
    [
      'kernel-sample -n 2000 | device-run -d node | featurize | train --model kernels > node.json',
      'Learn what the kernels of real networks cost',
    ],
    [
      'kernel-sample -n 500 --seed 1 --adaptive node.json > more.ndjson',
      'What it is still in doubt of',
    ],
    ['kernel-sample -n 100 --seed 1 | gen-model | jq .model.macs', 'MACs of a hundred'],
  ],
  options,
  takesFiles: false,
  run: async ({ number, seed, adaptive }, io) => {
    if (number === undefined) throw new LetiError('usage', '-n is needed')
    const worth = adaptive === undefined ? undefined : await doubts(adaptive)
    for (const record of drawKernels(number, seed, worth)) {
      if (io.signal.aborted) return
      await io.write(record)
    }
  },
})

/** How much a predictor is in doubt of the kernel that a record runs. */
async function doubts(file: string): Promise<(record: LetiRecord) => number> {
  const predictor = await readPredictor(file)
  // Before the first record: the first kernels of a draw are taken without asking.
  if (!predictor.usesKernels) {
    const advice = 'use a predictor of train --model kernels'
    throw new LetiError('usage', `${predictor.name} does not predict single kernels: ${advice}`)
  }
  return (record) => {
    // The kernel comes first; after it what keeps one element of its result.
    const [kernel] = featurizeArch(record, { sets: [] }).kernels ?? []
    return predictor.kernelUncertainty(kernel)
  }
}

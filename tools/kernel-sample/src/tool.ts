import { featurize } from '@leti/features'
import { defaultedNumberOption, defineTool, numberOption, SEED_RANGE } from '@leti/pipe'
import { readPredictor } from '@leti/predictors'
import { LetiError, type LetiRecord } from '@leti/records'
import { drawKernels, networkOf } from '@leti/spaces'

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
  run: async ({ number, seed, adaptive }, io) => {
    if (number === undefined) throw new LetiError('usage', '-n is required')
    const worth = adaptive === undefined ? undefined : await uncertaintyOf(adaptive)
    for (const record of drawKernels(number, seed, worth)) {
      if (io.signal.aborted) return
      await io.write(record)
    }
  },
})

/** The uncertainty of a predictor about the kernel of a record. */
async function uncertaintyOf(file: string): Promise<(record: LetiRecord) => number> {
  const predictor = await readPredictor(file)
  // Checked before the first record: the first kernels of a draw do not depend on the predictor.
  if (!predictor.usesKernels) {
    const advice = 'use a predictor of train --model kernels'
    throw new LetiError('usage', `${predictor.name} does not predict single kernels: ${advice}`)
  }
  return (record) => {
    // The kernel comes first, then the slice that keeps one element of its result.
    const [kernel] = featurize(networkOf(record), { sets: [] }).kernels ?? []
    return predictor.kernelUncertainty(kernel)
  }
}

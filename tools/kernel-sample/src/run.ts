import { featurize } from '@leti/features'
import type { Io } from '@leti/pipe'
import { readPredictor } from '@leti/predictors'
import { LetiError, type LetiRecord } from '@leti/records'
import { drawKernels, networkOf } from '@leti/spaces'

interface KernelSampleOptions {
  /** Number of networks to draw. */
  readonly number?: number | undefined
  readonly seed: number
  /** File of a predictor; kernels that it is uncertain about are drawn more often. */
  readonly adaptive?: string | undefined
}

/** Writes the records of drawn kernels. */
export async function run(options: KernelSampleOptions, io: Io): Promise<void> {
  const { number, seed, adaptive } = options
  if (number === undefined) throw new LetiError('usage', '-n is required')
  const worth = adaptive === undefined ? undefined : await uncertaintyOf(adaptive, io.signal)
  const progress = await io.writing(number)
  try {
    for (const record of drawKernels(number, seed, worth)) {
      if (io.signal.aborted) return
      await io.write(record)
      progress.tick()
    }
  } finally {
    progress.stop()
  }
}

/** The uncertainty of a predictor about the kernel of a record. */
async function uncertaintyOf(
  file: string,
  signal: AbortSignal,
): Promise<(record: LetiRecord) => number> {
  const predictor = await readPredictor(file, signal)
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

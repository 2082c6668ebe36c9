import { availableParallelism } from 'node:os'
import { readFusion, type FeatureSetName } from '@leti/features'
import { eachBatch, type Io } from '@leti/pipe'
import { writeCsv } from './csv.js'
import { featurizing } from './featurizing.js'

interface FeaturizeArguments {
  readonly files: readonly string[]
  /** The sets of features, in the order in which they are written. */
  readonly set: readonly FeatureSetName[]
  /** Whether to list the kernels of networks of search spaces too. */
  readonly kernels: boolean
  /** A runtime, or a file of fusion-probe. */
  readonly fusion?: string | undefined
  /** Threads; all cores if absent. */
  readonly jobs?: number | undefined
  readonly csv: boolean
}

/** Adds features to each record, or writes a table of them. */
export async function run(options: FeaturizeArguments, io: Io): Promise<void> {
  const { set, kernels, csv, fusion, files } = options
  const rules = fusion === undefined ? undefined : await readFusion(fusion, io.signal)
  const wanted = { sets: set, kernels, fusion: rules }
  if (csv) return writeCsv(io, files, wanted)
  await eachBatch(io, files, {
    jobs: options.jobs ?? availableParallelism(),
    work: featurizing(wanted),
    module: new URL('./featurize-worker.js', import.meta.url),
    settings: wanted,
  })
}

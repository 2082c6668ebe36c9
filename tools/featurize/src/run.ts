import { featurize, Featurizer, readFusion, type FeatureSetName } from '@leti/features'
import { FILE_SPACE, openNetwork, unknownWork } from '@leti/formats'
import { eachRecord, type Io } from '@leti/pipe'
import { writeCsv } from './csv.js'

interface FeaturizeArguments {
  readonly files: readonly string[]
  /** The sets of features, in the order in which they are written. */
  readonly set: readonly FeatureSetName[]
  /** Whether to list the kernels of networks of search spaces too. */
  readonly kernels: boolean
  /** A runtime, or a file of fusion-probe. */
  readonly fusion?: string | undefined
  readonly csv: boolean
}

/** Adds features to each record, or writes a table of them. */
export async function run(options: FeaturizeArguments, io: Io): Promise<void> {
  const { set, kernels, csv, fusion, files } = options
  const rules = fusion === undefined ? undefined : await readFusion(fusion, io.signal)
  const wanted = { sets: set, kernels, fusion: rules }
  if (csv) return writeCsv(io, files, wanted)
  const featurizer = new Featurizer(wanted)
  await eachRecord(io, files, async (record) => {
    // Undefined replaces a member of an earlier run, which may be out of date.
    if (record.arch?.space !== FILE_SPACE) {
      return { ...record, ...featurizer.featurize(record), unknown: undefined }
    }
    const network = await openNetwork(record)
    return { ...record, ...featurize(network, wanted), unknown: unknownWork(network.executed) }
  })
}

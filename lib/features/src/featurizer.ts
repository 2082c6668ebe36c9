import type { LetiRecord } from '@leti/records'
import { nb101, networkOf } from '@leti/spaces'
import { CellFeatures } from './cell-features.js'
import { featurize, type Featurized, type FeaturizeOptions } from './featurize.js'

/**
 * Featurizes the records of search spaces, one after the other: exactly as `featurize`, but what networks
 * have in common is computed once.
 */
export class Featurizer {
  private readonly cells: CellFeatures | undefined

  constructor(private readonly options: FeaturizeOptions) {
    const { sets, kernels, fusion } = options
    this.cells = kernels || fusion ? undefined : new CellFeatures(sets)
  }

  /**
   * @returns features that must not be changed: networks of equal features may share the object
   * @throws {LetiError} `bad-arch` if the record has no architecture of a known space
   */
  featurize(record: LetiRecord): Featurized {
    const { arch } = record
    const features = arch?.space === nb101.name ? this.cells?.of(arch) : undefined
    return features ? { features } : featurize(networkOf(record), this.options)
  }
}

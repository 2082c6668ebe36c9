import type { LetiRecord } from '@leti/records'
import { networkOf } from '@leti/spaces'
import { featurize, type Featurized, type FeaturizeOptions } from './featurize.js'

/** Featurizes the records of search spaces, one after the other. */
export class Featurizer {
  constructor(private readonly options: FeaturizeOptions) {}

  /** @throws {LetiError} `bad-arch` if the record has no architecture of a known space */
  featurize(record: LetiRecord): Featurized {
    return featurize(networkOf(record), this.options)
  }
}

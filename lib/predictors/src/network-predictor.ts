import { featurize, Featurizer, setsOf, type FeaturizeOptions } from '@leti/features'
import { FILE_SPACE, openNetwork, unknownWork } from '@leti/formats'
import type { FusionRules } from '@leti/network'
import type { LetiRecord, Prediction } from '@leti/records'
import type { Predictor } from './predictor.js'

/**
 * Predicts networks from their architectures: of a record without features it computes those that the
 * predictor needs, and no others. The predictions are those of the features that `featurize` writes.
 */
export class NetworkPredictor {
  private readonly options: FeaturizeOptions
  private readonly featurizer: Featurizer

  /** @param fusion the rules with which the records of the training set were featurized */
  constructor(
    readonly predictor: Predictor,
    fusion?: FusionRules,
  ) {
    const sets = setsOf(predictor.features)
    this.options = { sets, kernels: predictor.reads === 'kernels', fusion }
    this.featurizer = new Featurizer(this.options)
  }

  /**
   * Predicts a record of a search space, or one that has its features. `opened` makes one of a model file's.
   *
   * @param coverage the share of measurements that the interval should hold, between 0 and 1
   * @throws {LetiError} as `Predictor.predict`; `bad-arch` if the architecture is none of a known space
   */
  predict(record: LetiRecord, coverage?: number): Prediction {
    if (!this.lacksInput(record)) return this.predictor.predict(record, coverage)
    // Cells with the same features share the object.
    const whole = { ...record, ...this.featurizer.featurize(record) }
    return this.predictor.predictOnce(whole, coverage)
  }

  /** Whether `predict` would need the network of a model file. */
  needsFile(record: LetiRecord): boolean {
    return record.arch?.space === FILE_SPACE && this.lacksInput(record)
  }

  /**
   * The record with what `predict` needs of its model file, and what LETI does not know of it.
   *
   * @throws {LetiError} `bad-arch`, `bad-model`, `unsupported`
   */
  async opened(record: LetiRecord): Promise<LetiRecord> {
    const network = await openNetwork(record)
    const unknown = unknownWork(network.executed)
    return { ...record, ...featurize(network, this.options), ...(unknown && { unknown }) }
  }

  /** Whether the predictor needs what neither the record nor its id says. */
  private lacksInput(record: LetiRecord): boolean {
    const { reads } = this.predictor
    return reads !== 'id' && record[reads] === undefined && record.arch !== undefined
  }
}

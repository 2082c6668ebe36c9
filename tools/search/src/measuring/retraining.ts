import { featurize, Featurizer, setsOf, type FeaturizeOptions } from '@leti/features'
import { DEFAULT_SETS, FEATURE_SETS } from '@leti/features/names'
import { FILE_SPACE, openNetwork } from '@leti/formats'
import type { FusionRules } from '@leti/network'
import type { Io } from '@leti/pipe'
import {
  loadPredictor,
  nameOf,
  NetworkPredictor,
  predictorText,
  TABLES,
  TrainingRecords,
  trainPredictor,
  type Predictor,
  type PredictorKindName,
} from '@leti/predictors'
import { LetiError, type LetiRecord } from '@leti/records'

/** Trains a predictor again, as it was trained first, with more measurements. */
export class Retraining {
  private readonly model: PredictorKindName
  private readonly featurizing: FeaturizeOptions
  private readonly featurizer: Featurizer

  /**
   * @param rules as `featurize --fusion` for the training set
   * @throws {LetiError} `usage` if measurements of the device alone are not enough
   */
  constructor(
    private readonly predictor: Predictor,
    private readonly rules: FusionRules | undefined,
    private readonly io: Io,
  ) {
    const { model } = predictor.file
    if (model === TABLES || model === 'transfer') {
      const why = 'it builds on other devices, whose predictors --measure does not have'
      throw new LetiError('usage', `${predictor.name} cannot be trained again: ${why}`)
    }
    this.model = model
    const needed = setsOf(predictor.features)
    const sets = FEATURE_SETS.filter((set) => DEFAULT_SETS.includes(set) || needed.includes(set))
    this.featurizing = { sets, kernels: predictor.usesKernels, fusion: rules }
    this.featurizer = new Featurizer(this.featurizing)
  }

  /** Whether a measurement is of the predictor's device and backend. */
  readonly isOfDevice = ({ measurement }: LetiRecord): boolean =>
    measurement !== undefined && nameOf(measurement) === nameOf(this.predictor.file)

  /** @throws {LetiError} `model-failed` for a new measurement of another device: no predictor learns from both */
  check(record: LetiRecord): void {
    const { measurement } = record
    if (!measurement || this.isOfDevice(record)) return
    const wanted = `but the predictor is of ${nameOf(this.predictor.file)}`
    const message = `the measure command measured on ${nameOf(measurement)}, ${wanted}`
    throw new LetiError('model-failed', message)
  }

  /** @throws {LetiError} `usage` if the records give no predictor */
  async on(measured: readonly LetiRecord[]): Promise<NetworkPredictor> {
    const { target: latencyScale, cross_validation, statistic } = this.predictor.file
    const input = this.predictor.usesKernels ? 'kernels' : 'features'
    const training = new TrainingRecords({}, statistic, input)
    for (const record of measured) await this.addTo(training, record)
    const set = training.training()
    const machines = set.differences.filter(({ isVersion }) => !isVersion)
    if (machines.length) {
      const found = machines.map(({ text }) => text).join('; ')
      const message = `measured on different machines or with different settings: ${found}`
      throw new LetiError('usage', message)
    }
    const { folds, seed } = cross_validation
    const file = await trainPredictor(set, { model: this.model, latencyScale, folds, seed })
    const left = file.training.left_out
    if (left) this.io.warn(`trained without ${left}: the other measurements contradict it`)
    return new NetworkPredictor(loadPredictor(predictorText(file, set.samples)), this.rules)
  }

  private async addTo(training: TrainingRecords, record: LetiRecord): Promise<void> {
    if (!record.measurement) return
    try {
      training.add(await this.featurized(record))
    } catch (error) {
      this.io.caught(record.id, error)
    }
  }

  /** With all features, whatever sets its own are of. */
  private async featurized(record: LetiRecord): Promise<LetiRecord> {
    const { arch } = record
    if (!arch) return record
    const features =
      arch.space === FILE_SPACE
        ? featurize(await openNetwork(record), this.featurizing)
        : this.featurizer.featurize(record)
    return { ...record, kernels: undefined, ...features }
  }
}

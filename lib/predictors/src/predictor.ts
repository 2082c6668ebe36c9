import { createHash } from 'node:crypto'
import {
  featuresOf,
  kernelsOf,
  LetiError,
  messageOf,
  parseJson,
  type Features,
  type KernelWork,
  type LetiRecord,
  type Prediction,
} from '@leti/records'
import { readGiven } from '@leti/records/files'
import { checkBatch } from './batch.js'
import { reachOf } from './conformal.js'
import type { PredictorKind, Reference } from './kind.js'
import { findKind, PREDICTOR_KINDS } from './kinds/index.js'
import { EXTRAPOLATES } from './limits/growth.js'
import { Limits, type Reach } from './limits/index.js'
import type { Model } from './model.js'
import { trainedOn } from './trained-on.js'
import { intervalOf, positive, raised } from './prediction.js'
import { toPredictorFile, type PredictorFile } from './predictor-file.js'
import { TableModel, TABLES, type TableParameters } from './tables/model.js'

/** A training network, as a model predicted it that was fitted without it. */
export interface HeldOutNetwork {
  readonly id: string
  readonly features: Features
  /** As it was measured. */
  readonly latency_ms: number
  readonly predicted_ms: number
  /** The upper bound of the prediction. */
  readonly high_ms: number
}

/** What a model reads of a record. */
interface Input {
  readonly features: Features
  readonly kernels?: readonly KernelWork[]
}

/** A predictor that was loaded from its file. */
export class Predictor {
  private readonly spaces: ReadonlySet<string>
  private readonly trainedOn: NonNullable<Prediction['trained_on']>
  /** Absent if the file is an old one. */
  private readonly limits: Limits | undefined
  /** What it reads of a record: its features, its kernels, or no more than its id. */
  readonly reads: 'features' | 'kernels' | 'id'
  /** Predictions by their features, of the coverage that was last asked for. */
  private once: { coverage: number; predictions: WeakMap<Features, Prediction> } | undefined

  constructor(
    readonly file: PredictorFile,
    private readonly model: Model | TableModel,
    /** Names the predictor in records: device, backend, kind and the start of the file's SHA-256. */
    readonly name: string,
  ) {
    this.spaces = new Set(file.spaces)
    this.trainedOn = trainedOn(file)
    const { domain } = file
    const growth = (model instanceof TableModel ? undefined : model.growth) ?? EXTRAPOLATES
    this.limits = domain && new Limits(domain, growth)
    if (model instanceof TableModel) this.reads = 'id'
    else this.reads = this.usesKernels ? 'kernels' : 'features'
  }

  /**
   * @param coverage the share of measurements that the interval should hold, between 0 and 1
   * @throws {LetiError} `out-of-domain` or `missing-feature` if a prediction would be a guess;
   *   `bad-input` if a feature or a kernel is damaged
   */
  predict(record: LetiRecord, coverage = 0.9): Prediction {
    this.checkRecord(record)
    if (this.model instanceof TableModel) {
      const prediction = this.model.predict(record.id, coverage)
      return { ...prediction, latency_ms: positive(prediction.latency_ms), ...this.source() }
    }
    return this.predicted(this.model, this.inputOf(record), coverage)
  }

  /**
   * `predict`, with the same object for the same features: those that it has seen are not predicted again.
   *
   * @param record its features must not be changed afterwards
   * @throws {LetiError} as `predict`
   */
  predictOnce(record: LetiRecord, coverage = 0.9): Prediction {
    const { features } = record
    if (!features || this.reads !== 'features') return this.predict(record, coverage)
    if (this.once?.coverage !== coverage) this.once = { coverage, predictions: new WeakMap() }
    const { predictions } = this.once
    const known = predictions.get(features)
    if (known) {
      this.checkRecord(record)
      return known
    }
    const prediction = this.predict(record, coverage)
    predictions.set(features, prediction)
    return prediction
  }

  private predicted(model: Model, { features, kernels }: Input, coverage: number): Prediction {
    const { limits } = this
    const distance = limits?.distanceOf(features) ?? 0
    model.check(features, kernels)
    const estimated = positive(model.estimate(features, kernels))
    const allowance = limits?.allowanceFor(features, estimated, distance)
    const within = this.reachAt(estimated, coverage, model.uncertainty?.(features, kernels))
    const reach = within && allowance ? limits?.widened(within, allowance) : within
    const interval = intervalOf(estimated, reach, coverage)
    const least = limits?.leastLatency(features, kernels) ?? 0
    const latency_ms = raised(estimated, interval.high_ms, least)
    return { latency_ms, ...interval, ...this.source() }
  }

  /**
   * The networks of the cross-validation. None if the file is an old one, predicts from kernels, or has no interval for
   * the coverage.
   *
   * @param coverage the share of measurements that an interval should hold, between 0 and 1
   */
  heldOut(coverage: number): HeldOutNetwork[] {
    const { held_out = [] } = this.file
    return held_out.flatMap(({ id, latency_ms, predicted_ms, uncertainty, macs, parameters }) => {
      const reach = this.reachAt(predicted_ms, coverage, uncertainty)
      if (!reach) return []
      const features = { macs, ...(parameters !== undefined && { parameters }) }
      return [{ id, features, latency_ms, predicted_ms, high_ms: predicted_ms * (1 + reach.above) }]
    })
  }

  /**
   * The expected error of a kernel's prediction, as a part of its time. The kernel with the largest one is
   * the most worth measuring next.
   *
   * @throws {LetiError} `usage` if the predictor does not predict kernels
   */
  kernelUncertainty(kernel: KernelWork): number {
    if (!(this.model instanceof TableModel) && this.model.kernelUncertainty) {
      return this.model.kernelUncertainty(kernel)
    }
    throw new LetiError(
      'usage',
      `${this.name} does not predict single kernels: use a predictor of train --model kernels`,
    )
  }

  /**
   * The predictor as `transfer` builds on it.
   *
   * @throws {LetiError} `usage` if it does not predict from features
   */
  asReference(): Reference {
    const { name, model, file } = this
    if (model instanceof TableModel || this.usesKernels) {
      const message = `${name} cannot be a reference: --model ${file.model} does not predict from features`
      throw new LetiError('usage', message)
    }
    const { target, parameters, domain } = file
    const saved = { model: file.model, target, parameters }
    return { name, model, saved, ...(domain && { limits: domain }) }
  }

  /** Whether it predicts from kernels, and so for networks of any search space. */
  get usesKernels(): boolean {
    const { model } = this.file
    if (model === TABLES) return false
    const kind: PredictorKind = PREDICTOR_KINDS[model]
    return kind.usesKernels ?? false
  }

  /** Names of the features that a record without any needs: those that it reads, or judges. */
  get features(): readonly string[] {
    if (this.model instanceof TableModel) return []
    return [...this.model.features, ...Object.keys(this.file.domain?.features ?? {})]
  }

  private source() {
    return { predictor: this.name, trained_on: this.trainedOn }
  }

  /** What a prediction depends on besides the features, the kernels or the id. */
  private checkRecord(record: LetiRecord): void {
    checkBatch(this.file, record)
    if (this.reads === 'kernels') return
    this.checkSpace(record)
    if (record.arch && this.reads === 'features') this.limits?.checkSettings(record.arch)
  }

  private inputOf(record: LetiRecord): Input {
    return this.usesKernels
      ? { features: {}, kernels: kernelsOf(record) }
      : { features: featuresOf(record) }
  }

  /** The reach of an interval within the training set; `undefined` if that was too small for the coverage. */
  private reachAt(latency_ms: number, coverage: number, uncertainty?: number): Reach | undefined {
    const { conformal } = this.file
    return conformal && reachOf(conformal, latency_ms, coverage, uncertainty)
  }

  private checkSpace({ arch }: LetiRecord): void {
    if (!arch || !this.spaces.size || this.spaces.has(arch.space)) return
    const known = this.file.spaces.join(', ')
    throw new LetiError(
      'out-of-domain',
      `search space "${arch.space}": the predictor was trained on ${known} only`,
    )
  }
}

/**
 * Loads a predictor from the text of its file.
 *
 * @throws {LetiError} `usage` if the text is not a predictor file, or a damaged one
 */
export function loadPredictor(text: string): Predictor {
  const file = toPredictorFile(parsed(text))
  const { device, backend, model } = file
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8)
  const name = [device, backend, model, digest].filter(Boolean).join('-')
  return predictorOf(file, name)
}

/** The predictor of a file that was loaded before, such as in another thread. */
export function predictorOf(file: PredictorFile, name: string): Predictor {
  return new Predictor(file, modelOf(file), name)
}

/**
 * Loads a predictor from its file, which may be a pipe.
 *
 * @param signal ends the wait for a pipe
 * @throws {LetiError} `usage` if the file cannot be read, is not a predictor file, or is damaged
 */
export async function readPredictor(path: string, signal?: AbortSignal): Promise<Predictor> {
  const text = await readGiven(path, signal)
  try {
    return loadPredictor(text)
  } catch (error) {
    throw new LetiError('usage', `${path} is not a predictor file: ${messageOf(error)}`)
  }
}

function modelOf({ model, target, parameters }: PredictorFile): Model | TableModel {
  if (model === TABLES) return new TableModel(parameters as TableParameters)
  return PREDICTOR_KINDS[model].fromJSON(parameters, target, findKind)
}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    throw new LetiError('usage', messageOf(error))
  }
}

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import {
  featuresOf,
  kernelsOf,
  LetiError,
  messageOf,
  type KernelWork,
  type LetiRecord,
  type Prediction,
} from '@leti/records'
import { reachOf } from './conformal.js'
import { KernelsModel } from './kernels/index.js'
import { KINDS } from './kinds/index.js'
import type { Model } from './model.js'
import { toPredictorFile, type PredictorFile } from './predictor-file.js'
import { TableModel, TABLES } from './tables/model.js'

/** A predictor that was loaded from its file. */
export class Predictor {
  private readonly spaces: ReadonlySet<string>

  constructor(
    readonly file: PredictorFile,
    private readonly model: Model | TableModel,
    /** Says in a record which predictor was used: device, backend, kind and digest. */
    readonly name: string,
  ) {
    this.spaces = new Set(file.spaces)
  }

  /**
   * @param coverage the share of measurements that the interval is to hold
   * @throws {LetiError} `out-of-domain` or `missing-feature` where a prediction would be a guess;
   *   `bad-input` where a feature is no number
   */
  predict(record: LetiRecord, coverage = 0.9): Prediction {
    if (this.model instanceof TableModel) {
      this.checkSpace(record)
      return { ...this.model.predict(record.id, coverage), predictor: this.name }
    }
    const { features, kernels } = this.inputOf(record)
    this.model.check(features, kernels)
    const latency_ms = this.model.estimate(features, kernels)
    if (!(latency_ms > 0 && latency_ms < Infinity)) {
      const message = `the prediction, ${latency_ms} ms, is no latency: too unlike the training`
      throw new LetiError('out-of-domain', message)
    }
    const doubt = this.model.doubt?.(features, kernels)
    return { latency_ms, ...this.interval(latency_ms, coverage, doubt), predictor: this.name }
  }

  /**
   * How far off a kernel's prediction may be, as a part of its time: what is worth measuring next.
   *
   * @throws {LetiError} `usage` where the predictor does not go by kernels
   */
  doubtOf(kernel: KernelWork): number {
    if (this.model instanceof KernelsModel) return this.model.doubtOf(kernel)
    throw new LetiError('usage', `${this.name} is no predictor of --model kernels`)
  }

  /** Whether it judges any network, by its kernels. */
  get goesByKernels(): boolean {
    return this.model instanceof KernelsModel
  }

  private inputOf(record: LetiRecord) {
    if (this.goesByKernels) return { features: {}, kernels: kernelsOf(record) }
    this.checkSpace(record)
    return { features: featuresOf(record) }
  }

  /** Nothing where the training was too small for so high a coverage. */
  private interval(latency_ms: number, coverage: number, doubt: number | undefined) {
    const { conformal } = this.file
    const reach = conformal && reachOf(conformal, latency_ms, coverage, doubt)
    if (reach === undefined) return {}
    const low_ms = Math.max(0, latency_ms * (1 - reach))
    return { low_ms, high_ms: latency_ms * (1 + reach), coverage }
  }

  private checkSpace({ arch }: LetiRecord): void {
    if (!arch || !this.spaces.size || this.spaces.has(arch.space)) return
    const known = this.file.spaces.join(', ')
    throw new LetiError('out-of-domain', `space "${arch.space}"; the predictor knows ${known}`)
  }
}

/**
 * The predictor that a file's text holds.
 *
 * @throws {LetiError} `usage` where it is none, or a damaged one
 */
export function loadPredictor(text: string): Predictor {
  const file = toPredictorFile(parsed(text))
  const { model, device, backend } = file
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8)
  const name = [device, backend, model, digest].filter(Boolean).join('-')
  return new Predictor(file, modelOf(file), name)
}

function modelOf({ model, target, parameters }: PredictorFile): Model | TableModel {
  if (model === TABLES) return TableModel.fromJSON(parameters)
  return KINDS[model].fromJSON(parameters, target)
}

/**
 * The predictor in a file.
 *
 * @throws {LetiError} `usage` where it cannot be read, or is no predictor
 */
export async function readPredictor(path: string): Promise<Predictor> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new LetiError('usage', `cannot read the predictor: ${messageOf(error)}`)
  })
  try {
    return loadPredictor(text)
  } catch (error) {
    throw new LetiError('usage', `${path} is no predictor: ${messageOf(error)}`)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new LetiError('usage', `not JSON: ${messageOf(error)}`)
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ModelFiles } from '@leti/devices'
import {
  convertModel,
  describeModel,
  openNetwork,
  writeModel,
  type Format,
  type WrittenModel,
} from '@leti/formats'
import { asLetiError, LetiError, messageOf, type LetiRecord, type Model } from '@leti/records'

/** Seed of the weights of the networks that device-run builds itself: gen-model's default. */
const SEED = 0

/**
 * The files of a record's model: the one that it names, or those of its network, written to a
 * temporary folder in whatever format is asked for.
 */
export class RecordModel implements ModelFiles {
  private folder: Promise<string> | undefined
  private readonly written = new Map<Format, Promise<Model>>()

  constructor(private readonly record: LetiRecord) {}

  async file(format: Format): Promise<string> {
    return (await this.in(format)).path as string
  }

  /** What the record says of its model in this format: a file for the measurement has no path. */
  async describe(format: Format): Promise<Model> {
    const { path, ...model } = await this.in(format)
    return this.record.model?.path === path ? { ...model, path } : model
  }

  /** Removes what was written for the measurement alone. */
  async remove(): Promise<void> {
    if (this.folder) await rm(await this.folder, { recursive: true, force: true })
  }

  private in(format: Format): Promise<Model> {
    const known = this.written.get(format)
    if (known) return known
    const model = this.write(format)
    this.written.set(format, model)
    return model
  }

  private async write(format: Format): Promise<Model> {
    const { model } = this.record
    if (!model?.path) {
      const network = await openNetwork(this.record)
      const folder = await this.temporary()
      const written = await writeModel(network.executed, format, folder, network.weights ?? SEED)
      return { ...describeModel(network, format), ...written }
    }
    if (model.format === format) return model
    const converted = await convert(model.path, format, await this.temporary())
    const described: Model = { ...model, format, ...converted }
    // The converted file stores its weights as float32.
    delete described.weights
    return described
  }

  private temporary(): Promise<string> {
    return (this.folder ??= mkdtemp(join(tmpdir(), 'leti-')))
  }
}

/** A model file in another format, to have its answers from another runtime. */
async function convert(path: string, format: Format, out: string): Promise<WrittenModel> {
  try {
    return await convertModel(path, format, out)
  } catch (error) {
    throw asLetiError(error) ?? new LetiError('model-failed', messageOf(error), { cause: error })
  }
}

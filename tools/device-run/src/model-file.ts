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
 * The model files of a record: the file that it names, or files made from its network. Files in other
 * formats are written to a temporary folder, one per requested format.
 */
export class RecordModel implements ModelFiles {
  private folder: Promise<string> | undefined
  private readonly written = new Map<Format, Promise<Model>>()

  constructor(private readonly record: LetiRecord) {}

  async file(format: Format): Promise<string> {
    return (await this.in(format)).path as string
  }

  /** The record's `model` in this format. A temporary file is not named: `path` is left out. */
  async describe(format: Format): Promise<Model> {
    const { path, ...model } = await this.in(format)
    return this.record.model?.path === path ? { ...model, path } : model
  }

  /** Removes the temporary files. */
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

/** Converts a model file, so that a runtime that needs another format can run it. */
async function convert(path: string, format: Format, out: string): Promise<WrittenModel> {
  try {
    return await convertModel(path, format, out)
  } catch (error) {
    throw asLetiError(error) ?? new LetiError('model-failed', messageOf(error), { cause: error })
  }
}

import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Format } from '@leti/formats'
import type { LetiRecord, Model } from '@leti/records'
import { temporaryFolder } from '../processes/run-folder.js'
import type { ModelFiles } from '../reference.js'
import type { ModelMaker } from './maker.js'

/**
 * The model files of a record: the file that it names, or files made from its network. Files in other
 * formats are written to a temporary folder, one per requested format.
 */
export class RecordModel implements ModelFiles {
  /** The visits of a network share it. */
  readonly key: string
  private folder: Promise<string> | undefined
  private readonly written = new Map<Format, Promise<Model>>()

  constructor(
    private readonly record: LetiRecord,
    private readonly maker: ModelMaker,
  ) {
    const { id, arch, model } = record
    this.key = createHash('sha256')
      .update(JSON.stringify([id, arch, model]))
      .digest('hex')
  }

  /** An absolute path, which no program takes for an option. */
  async file(format: Format, stop: AbortSignal): Promise<string> {
    const model = this.written.get(format) ?? this.write(format, stop)
    this.written.set(format, model)
    return resolve((await model).path as string)
  }

  /** The record's `model` in a format whose file was made. A temporary file is not named: `path` is left out. */
  async describe(format: Format): Promise<Model | undefined> {
    const written = await this.written.get(format)
    if (!written || written.path === this.record.model?.path) return written
    const model = { ...written }
    delete model.path
    return model
  }

  /** Removes the temporary files. */
  async remove(): Promise<void> {
    if (this.folder) await rm(await this.folder, { recursive: true, force: true })
  }

  private async write(format: Format, stop: AbortSignal): Promise<Model> {
    this.folder ??= temporaryFolder()
    return this.maker.write(this.record, format, await this.folder, stop)
  }
}

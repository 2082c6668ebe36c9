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
 * formats are written to temporary folders, one per requested format.
 */
export class RecordModel implements ModelFiles {
  /** The visits of a network share it. */
  readonly key: string
  private readonly folders = new Map<Format, Promise<string>>()
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

  /**
   * The size of the temporary files.
   *
   * @throws what `file` throws, if a file could not be made
   */
  async temporaryBytes(): Promise<number> {
    let sum = 0
    for (const written of this.written.values()) {
      const { path, bytes = 0 } = await written
      if (path !== this.record.model?.path) sum += bytes
    }
    return sum
  }

  /**
   * Removes the temporary files.
   *
   * @param except formats whose files stay
   */
  async remove(except: readonly Format[] = []): Promise<void> {
    for (const [format, folder] of this.folders) {
      if (except.includes(format)) continue
      this.folders.delete(format)
      this.written.delete(format)
      await rm(await folder, { recursive: true, force: true })
    }
  }

  private async write(format: Format, stop: AbortSignal): Promise<Model> {
    const folder = this.folders.get(format) ?? temporaryFolder()
    this.folders.set(format, folder)
    return this.maker.write(this.record, format, await folder, stop)
  }
}

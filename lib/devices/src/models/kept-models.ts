import { statfs } from 'node:fs/promises'
import type { Format } from '@leti/formats'
import type { LetiRecord } from '@leti/records'
import { runFolder } from '../processes/run-folder.js'
import type { ModelMaker } from './maker.js'
import { RecordModel } from './record-model.js'

/** Most bytes of files that are kept. */
const MOST_BYTES = 512 * 2 ** 20

/** Most bytes of one model that is kept, as a part of what the disk still has free beside it. */
const SHARE_OF_FREE = 0.1

/**
 * Models with their temporary files, from one visit of a network to the next. Once they take the most bytes, no more
 * are kept: the next pass comes to the first ones first.
 */
export class KeptModels {
  /** By their keys. */
  private readonly kept = new Map<string, { readonly model: RecordModel; readonly bytes: number }>()
  private bytes = 0

  /**
   * @param formats of the files that are asked for at each visit
   * @param mostBytes of files that are kept
   */
  constructor(
    private readonly maker: ModelMaker,
    private readonly formats: readonly Format[],
    private readonly mostBytes = MOST_BYTES,
  ) {}

  /** The model of a record, with the files that were kept. It is the caller's until it comes back or is removed. */
  take(record: LetiRecord): RecordModel {
    const model = new RecordModel(record, this.maker)
    const found = this.kept.get(model.key)
    if (!found) return model
    this.kept.delete(model.key)
    this.bytes -= found.bytes
    return found.model
  }

  /** Keeps the files of a model for the next visit if there is room, and removes the others. */
  async giveBack(model: RecordModel): Promise<void> {
    await model.remove(this.formats)
    // Another visit tries again to make what could not be made.
    const bytes = await model.temporaryBytes().catch(() => Infinity)
    const { bavail, bsize } = await statfs(await runFolder())
    const room = Math.min(this.mostBytes - this.bytes, SHARE_OF_FREE * bavail * bsize)
    if (bytes === 0 || bytes > room || this.kept.has(model.key)) return model.remove()
    this.kept.set(model.key, { model, bytes })
    this.bytes += bytes
  }
}

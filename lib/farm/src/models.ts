import { randomUUID } from 'node:crypto'
import { cp, mkdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { checkModel, modelParts } from '@leti/formats'
import { LetiError, type LetiRecord, type Model } from '@leti/records'

const NO_FILE = 'a network of a file needs its model: run gen-model --out first'
const NO_FOLDER =
  'its model is a file: give farm submit a folder with --models, and farm work the same or the address of farm models'

/** Where a worker finds the model files of records. */
export interface Models {
  /** The record with the path of its model on this host. */
  localize(record: LetiRecord, signal?: AbortSignal): LetiRecord | Promise<LetiRecord>
  /** The record of a measurement, with the submitter's path. */
  restore(measured: LetiRecord, given: LetiRecord): LetiRecord
  /** Why no model can be had now; absent: nothing can be in the way. */
  problem?(): Promise<string | undefined>
}

/**
 * Model files that all hosts share: each model in a folder that is named by its digest. A job tells a digest, never a
 * path to read: whoever reaches the queue can write jobs.
 */
export class ModelFolder implements Models {
  /** @param folder absent: records of model files are refused */
  constructor(private readonly folder?: string) {}

  /**
   * Puts the model of a record there. A record that has none is built where it is measured.
   *
   * @throws {LetiError} `unsupported`, `bad-model`
   */
  async put(record: LetiRecord): Promise<void> {
    const model = modelOf(record)
    if (!model) return
    const to = dirname(this.pathOf(model))
    if (await exists(to)) return
    await checkModel(model.path, model)
    // Half a model is never seen.
    const aside = `${to}.${randomUUID()}`
    try {
      for (const { name, path } of await modelParts(model.path, model.format)) {
        await mkdir(dirname(join(aside, name)), { recursive: true })
        await cp(path, join(aside, name))
      }
      await rename(aside, to)
    } catch (error) {
      await rm(aside, { recursive: true, force: true })
      if (!(await exists(to))) throw error
    }
  }

  /**
   * The record with the path of its model on this host.
   *
   * @throws {LetiError} `unsupported`, `bad-model`
   */
  localize(record: LetiRecord): LetiRecord {
    const model = modelOf(record)
    return model ? { ...record, model: { ...model, path: this.pathOf(model) } } : record
  }

  /** The record of a measurement, with the submitter's path. */
  restore(measured: LetiRecord, { model }: LetiRecord): LetiRecord {
    if (measured.model?.path === undefined || model?.path === undefined) return measured
    return { ...measured, model: { ...measured.model, path: model.path } }
  }

  private pathOf({ sha256 = '', path }: FileModel): string {
    if (this.folder === undefined) throw new LetiError('unsupported', NO_FOLDER)
    if (!/^[0-9a-f]{64}$/.test(sha256)) {
      throw new LetiError('bad-model', 'model.sha256 is missing: run gen-model again')
    }
    const name = basename(path)
    if (!name || name.startsWith('.')) throw new LetiError('bad-model', 'model.path names no file')
    return join(this.folder, sha256, name)
  }
}

export type FileModel = Model & { readonly path: string }

/** The model of a record that is a file. */
function modelOf({ arch, model }: LetiRecord): FileModel | undefined {
  if (model?.path !== undefined) return { ...model, path: model.path }
  if (arch?.space === 'file') throw new LetiError('unsupported', NO_FILE)
  return undefined
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeModel } from '@leti/formats'
import { LetiError, type LetiRecord, type Model } from '@leti/records'
import { networkOf } from '@leti/spaces'

/** A model file to measure, and what the record says of it. */
export interface ModelFile {
  readonly path: string
  readonly model: Model
  /** Removes what was written for the measurement alone. */
  remove(): Promise<void>
}

/** Seed of the weights of the networks that device-run builds itself: gen-model's default. */
const SEED = 0

/**
 * The record's model file; where it names none, its network is built and written to a temporary
 * folder.
 *
 * @throws {LetiError} `bad-arch`, `unsupported`
 */
export async function modelFileOf(record: LetiRecord): Promise<ModelFile> {
  const { model } = record
  if (model?.path) {
    if (model.format !== 'tfjs') {
      throw new LetiError('unsupported', `cannot run a model in format "${model.format}"`)
    }
    return { path: model.path, model, remove: () => Promise.resolve() }
  }
  const network = networkOf(record)
  const folder = await mkdtemp(join(tmpdir(), 'leti-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const { path, ...written } = await writeModel(network, 'tfjs', folder, SEED)
    return { path: path as string, model: written, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

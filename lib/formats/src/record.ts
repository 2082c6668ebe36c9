import type { Network } from '@leti/network'
import { asLetiError, LetiError, messageOf, type Arch, type LetiRecord } from '@leti/records'
import { networkOf } from '@leti/spaces'
import { readModel, type ModelFile } from './model-file.js'
import type { ReadModel } from './read/read-model.js'
import { seededWeights } from './weights/seeded.js'

/** The space of users' own files: `file`, relative to the working directory, and its `sha256`. */
export const FILE_SPACE = 'file'

/**
 * The network that a record's architecture stands for: the one in a user's file, or one of a search
 * space.
 *
 * @throws {LetiError} `bad-arch`, `bad-model`, `unsupported`
 */
export async function networkOfRecord(record: LetiRecord): Promise<Network> {
  return record.arch?.space === FILE_SPACE
    ? (await fileOfRecord(record, record.arch)).network
    : networkOf(record)
}

/**
 * The network of a record and the numbers of its weights: those in the user's file, or seeded ones.
 *
 * @throws {LetiError} `bad-arch`, `bad-model`, `unsupported`
 */
export async function modelOfRecord(record: LetiRecord, seed: number): Promise<ReadModel> {
  if (record.arch?.space === FILE_SPACE) return fileOfRecord(record, record.arch)
  const network = networkOf(record)
  return { network, weights: seededWeights(network, seed) }
}

async function fileOfRecord({ id }: LetiRecord, { file, sha256 }: Arch): Promise<ModelFile> {
  if (typeof file !== 'string') throw new LetiError('bad-arch', '"arch.file" must name a file')
  const model = await readModel(file).catch((error: unknown) => {
    const unreadable = `cannot read the model: ${messageOf(error)}`
    throw asLetiError(error) ?? new LetiError('bad-arch', unreadable, { cause: error })
  })
  if (sha256 !== undefined && sha256 !== model.sha256) {
    throw new LetiError('bad-arch', `${file} has changed since its record was made`)
  }
  return { ...model, network: { ...model.network, name: id } }
}

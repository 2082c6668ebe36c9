import type { Network } from '@leti/network'
import { asLetiError, LetiError, messageOf, type LetiRecord } from '@leti/records'
import { networkOf } from '@leti/spaces'
import { readModel, type ModelFile } from './model-file.js'
import { isInputShapes } from './importer/input-shapes.js'
import type { Weights } from './weights/weights.js'

/**
 * The space of users' own files: `file`, relative to the working directory, its `sha256`, and the
 * `input_shape` that was asked for where it leaves sizes open.
 */
export const FILE_SPACE = 'file'

/** Whether a record's network is a user's own file, which has to be read. */
export function isOfFile({ arch }: LetiRecord): boolean {
  return arch?.space === FILE_SPACE
}

/**
 * The network of a record and the numbers of its weights: those in the user's file, or the seed to
 * make them from.
 *
 * @throws {LetiError} `bad-arch`, `bad-model`, `unsupported`
 */
export async function modelOfRecord(
  record: LetiRecord,
  seed: number,
): Promise<{ network: Network; weights: Weights | number }> {
  return isOfFile(record) ? fileOfRecord(record) : { network: networkOf(record), weights: seed }
}

/**
 * What the user's own file of a record holds; the network is named after the record.
 *
 * @throws {LetiError} `bad-arch`, `bad-model`, `unsupported`
 */
export async function fileOfRecord({ id, arch }: LetiRecord): Promise<ModelFile> {
  const file = arch?.file
  if (typeof file !== 'string') throw new LetiError('bad-arch', '"arch.file" must name a file')
  const asked = arch?.input_shape
  if (asked !== undefined && !isInputShapes(asked)) {
    throw new LetiError('bad-arch', '"arch.input_shape" must be a shape, or one for each input')
  }
  const model = await readModel(file, asked).catch((error: unknown) => {
    const unreadable = `cannot read the model: ${messageOf(error)}`
    throw asLetiError(error) ?? new LetiError('bad-arch', unreadable, { cause: error })
  })
  if (arch?.sha256 !== undefined && arch.sha256 !== model.sha256) {
    throw new LetiError('bad-arch', `${file} has changed since its record was made`)
  }
  return { ...model, network: { ...model.network, name: id } }
}

import { access, constants, mkdir, stat } from 'node:fs/promises'
import {
  removeLeftovers,
  writeModel,
  type Format,
  type OpenedNetwork,
  type Weights,
  type WeightType,
  type WrittenModel,
} from '@leti/formats'
import { isSystemError, LetiError } from '@leti/records'
import { systemReason } from '@leti/records/files'

/** The folder of `--out`, and how models are written into it. */
export interface Out {
  readonly folder: string
  readonly format: Format
  readonly weightType: WeightType
}

/**
 * Makes the folder of `--out` ready: creates it if it is missing, and removes what killed runs left in it.
 *
 * @throws {LetiError} `usage` if it cannot be created or written to
 */
export async function openOut(folder: string): Promise<void> {
  try {
    if (await isMissing(folder)) await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK | constants.X_OK)
    await removeLeftovers(folder)
  } catch (error) {
    throw new LetiError('usage', `--out: cannot write to ${folder}: ${systemReason(error)}`)
  }
}

async function isMissing(folder: string): Promise<boolean> {
  try {
    if ((await stat(folder)).isDirectory()) return false
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
    throw error
  }
  throw new Error('it is not a folder')
}

/**
 * Writes a record's model files. The records of an earlier model of this id keep it.
 *
 * @throws {LetiError} `unsupported`, `id-taken`, `system`
 */
export async function writeFiles(
  { folder, format, weightType }: Out,
  network: OpenedNetwork['executed'],
  weights: Weights | number,
): Promise<WrittenModel> {
  try {
    return await writeModel(network, format, folder, weights, weightType, 'kept')
  } catch (error) {
    if (!isSystemError(error)) throw error
    const reason = `cannot write the model into ${folder}: ${systemReason(error)}`
    throw new LetiError('system', reason, { cause: error })
  }
}

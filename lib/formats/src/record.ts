import { checkCountable } from '@leti/network'
import { asLetiError, LetiError, type Arch, type LetiRecord } from '@leti/records'
import { systemReason } from '@leti/records/files'
import { checkMembers, networkOf, type RecordNetwork } from '@leti/spaces'
import { isInputShapes } from './importer/input-shapes.js'
import { readModel, type ModelFile } from './model-file.js'
import { checkDigest } from './model-parts.js'
import type { Weights } from './weights/weights.js'

/**
 * The space of model files of users. Members of `arch`: `file` (relative to the working directory), its
 * `sha256`, and `input_shape` (shapes of the inputs that the file leaves open).
 */
export const FILE_SPACE = 'file'

/** A record's network, with the weights that its model file holds. */
export interface OpenedNetwork extends RecordNetwork {
  /** Absent for a network of a search space: its weights are made from a seed. */
  readonly weights?: Weights
  /** How many inputs the file computes at once; absent for one. */
  readonly batch?: number | undefined
}

/**
 * Opens the network of any record, and its weights if it comes from a model file. The network is named
 * after the record.
 *
 * @throws {LetiError} `bad-arch`, `bad-model`, `unsupported`
 */
export async function openNetwork(record: LetiRecord): Promise<OpenedNetwork> {
  const { id, arch } = record
  if (arch?.space !== FILE_SPACE) return networkOf(record)
  checkMembers(arch, ['file', 'sha256', 'input_shape'])
  const { network, weights, batch } = await readFileOf(arch)
  // A converter has already pruned the file: its graph is the executed graph.
  const graph = { ...network, name: id }
  checkCountable(graph)
  return { arch, space: {}, parsed: undefined, written: graph, executed: graph, weights, batch }
}

async function readFileOf({ file, input_shape, sha256 }: Arch): Promise<ModelFile> {
  if (typeof file !== 'string') throw new LetiError('bad-arch', '"arch.file" must name a file')
  if (input_shape !== undefined && !isInputShapes(input_shape)) {
    throw new LetiError('bad-arch', '"arch.input_shape" must be a shape, or one for each input')
  }
  if (sha256 !== undefined && typeof sha256 !== 'string') {
    throw new LetiError('bad-arch', '"arch.sha256" must be a digest in hexadecimal')
  }
  const model = await readModel(file, input_shape).catch((error: unknown) => {
    const unreadable = `cannot read the model ${file}: ${systemReason(error)}`
    throw asLetiError(error) ?? new LetiError('bad-arch', unreadable, { cause: error })
  })
  if (sha256 !== undefined) checkDigest(file, sha256, model.sha256, 'bad-arch')
  return model
}

import { createHash } from 'node:crypto'
import { basename, dirname, parse, resolve } from 'node:path'
import { formatOf } from './format.js'
import type { InputShapes } from './importer/input-shapes.js'
import { cleanName } from './importer/names.js'
import type { ReadModel } from './importer/read-model.js'

/** A model that was read from one file, or from several that belong together. */
export interface ModelFile extends ReadModel {
  readonly format: string
  /** SHA-256 of all its files, those of weights before the file that lists them. */
  readonly sha256: string
  readonly bytes: number
}

/**
 * Reads a model file: its network, which is named after the file, and the weights.
 *
 * @param asked shapes of the inputs that the file leaves open
 * @throws {LetiError} `bad-model`, `unsupported`, `bad-arch` if `asked` does not fit the inputs
 * @throws the system's error if the file cannot be read
 */
export async function readModel(path: string, asked?: InputShapes): Promise<ModelFile> {
  const format = formatOf(path)
  const { bytes, read } = await format.open(path)
  const hash = createHash('sha256')
  for (const part of bytes) hash.update(part)
  return {
    ...(await read(modelName(path), asked)),
    format: format.name,
    sha256: hash.digest('hex'),
    bytes: bytes.reduce((sum, { length }) => sum + length, 0),
  }
}

/**
 * Name of the network in a file: the file's name without its ending, or the name of the folder if the
 * file is called `model`. It is safe to use as a file name.
 */
export function modelName(path: string): string {
  const { name } = parse(path)
  const clean = cleanName(name === 'model' ? basename(dirname(resolve(path))) : name)
  return /^\.*$/.test(clean) ? 'model' : clean
}

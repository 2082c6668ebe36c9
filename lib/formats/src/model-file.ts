import { createHash } from 'node:crypto'
import { basename, dirname, extname, parse, resolve } from 'node:path'
import { LetiError } from '@leti/records'
import { readOnnx } from './onnx/read/read.js'
import type { InputShapes } from './importer/input-shapes.js'
import { cleanName } from './importer/names.js'
import type { ReadModel } from './importer/read-model.js'
import { readTflite } from './tflite/read/read.js'
import { readTfjs, readTfjsFiles } from './tfjs/read/index.js'
import { wholeFile } from './whole-file.js'

/** A model that was read from a file, or from several that belong together. */
export interface ModelFile extends ReadModel {
  readonly format: string
  /** Digest of all of its files, those of weights before the one that lists them. */
  readonly sha256: string
  readonly bytes: number
}

type Read = (name: string, asked: InputShapes | undefined) => ReadModel

interface Contents {
  readonly bytes: readonly Uint8Array[]
  readonly read: Read
}

interface Reader {
  readonly format: string
  readonly open: (path: string) => Promise<Contents>
}

/** By the ending of the file's name. */
const READERS: ReadonlyMap<string, Reader> = new Map([
  ['.tflite', { format: 'tflite', open: (path) => openWhole(path, readTflite) }],
  ['.onnx', { format: 'onnx', open: (path) => openWhole(path, readOnnx) }],
  ['.json', { format: 'tfjs', open: openTfjs }],
])

/** The endings of the names of model files. */
const ENDINGS = [...READERS.keys()]

/**
 * Reads a model file: its network, named after the file, and the numbers of its weights.
 *
 * @param asked shapes of inputs whose sizes the file leaves open
 * @throws {LetiError} `bad-model`, `unsupported`, `bad-arch` where the file has no such inputs
 * @throws the system's error where the file cannot be read
 */
export async function readModel(path: string, asked?: InputShapes): Promise<ModelFile> {
  const reader = READERS.get(extname(path).toLowerCase())
  if (!reader) {
    throw new LetiError('unsupported', `${path} is no model file: none of ${ENDINGS.join(', ')}`)
  }
  const { bytes, read } = await reader.open(path)
  const hash = createHash('sha256')
  for (const part of bytes) hash.update(part)
  return {
    ...read(modelName(path), asked),
    format: reader.format,
    sha256: hash.digest('hex'),
    bytes: bytes.reduce((sum, { length }) => sum + length, 0),
  }
}

/**
 * What the network of a file is called: the file's name without its ending, or that of its folder
 * where all such files have one name. It is safe as a file's name, and leads nowhere else.
 */
export function modelName(path: string): string {
  const { name } = parse(path)
  const clean = cleanName(name === 'model' ? basename(dirname(resolve(path))) : name)
  return /^\.*$/.test(clean) ? 'model' : clean
}

async function openWhole(
  path: string,
  read: (bytes: Uint8Array, ...args: Parameters<Read>) => ReadModel,
): Promise<Contents> {
  const bytes = await wholeFile(path)
  return { bytes: [bytes], read: (...args) => read(bytes, ...args) }
}

async function openTfjs(path: string): Promise<Contents> {
  const files = await readTfjsFiles(path)
  return { bytes: files.bytes, read: (...args) => readTfjs(files, ...args) }
}

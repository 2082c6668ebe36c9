import { readFile, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import { LetiError } from '@leti/records'
import { printable } from '../../importer/names.js'
import type { Constant } from '../../importer/constant.js'
import { MAX_BYTES, wholeFile } from '../../whole-file.js'
import { damaged, object, type Json } from './json.js'
import { groupConstants, weightGroups } from './manifest.js'

/** A parsed `model.json` and the weights in the files beside it. */
export interface TfjsFiles {
  readonly json: Json
  /** Weights by their names. */
  readonly constants: ReadonlyMap<string, Constant>
  /** The bytes of all files, weights first. */
  readonly bytes: readonly Uint8Array[]
}

const MAX_JSON_BYTES = 2 ** 26

/**
 * Reads a `model.json` and its weight files.
 *
 * @throws {LetiError} `bad-model`, `unsupported`
 * @throws the system's error if `path` cannot be read
 */
export async function readTfjsFiles(path: string): Promise<TfjsFiles> {
  const file = await wholeFile(path, MAX_JSON_BYTES)
  const json = object(parsed(file), 'model.json')
  const constants = new Map<string, Constant>()
  const bytes: Uint8Array[] = []
  for (const group of weightGroups(json.weightsManifest)) {
    const shards = await readShards(dirname(path), group.paths)
    const whole = shards.length === 1 ? shards[0] : Buffer.concat(shards)
    for (const [name, constant] of groupConstants(group, whole)) constants.set(name, constant)
    bytes.push(whole)
  }
  return { json, constants, bytes: [...bytes, file] }
}

function parsed(file: Buffer): unknown {
  try {
    return JSON.parse(file.toString('utf8').replace(/^\uFEFF/, ''))
  } catch {
    throw new LetiError('bad-model', 'not a model.json: it is not valid JSON')
  }
}

/** Reads weight files, once the sizes of all have been checked. */
async function readShards(folder: string, paths: readonly string[]): Promise<Buffer[]> {
  const files = paths.map((path) => shardFile(folder, path))
  let total = 0
  for (const file of new Set(files)) {
    const found = await stat(file).catch(() => undefined)
    if (!found?.isFile()) throw damaged(`weight file "${printable(file)}" is missing`)
    total += found.size
  }
  if (new Set(files).size < files.length) throw damaged('it lists a weight file twice')
  if (total > MAX_BYTES) throw new LetiError('unsupported', 'the weights exceed 2 GiB')
  return Promise.all(files.map((file) => readFile(file)))
}

/** Resolves the path of a weight file, which must not leave the model's folder. */
function shardFile(folder: string, path: string): string {
  const local = normalize(path)
  const leaves = isAbsolute(local) || /^\.\.($|[\\/])/.test(local) || /[\0\n]|:\//.test(local)
  if (leaves || path === '')
    throw damaged(`weight file "${printable(path)}" is outside the folder of the model`)
  return join(folder, local)
}

import { readFile, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import { LetiError } from '@leti/records'
import { printable } from '../../importer/names.js'
import type { Constant } from '../../importer/constant.js'
import { MAX_BYTES, wholeFile } from '../../whole-file.js'
import { damaged, object, type Json } from './json.js'
import { groupConstants, weightGroups } from './manifest.js'

/** A `model.json` and the weights that its files hold. */
export interface TfjsFiles {
  readonly json: Json
  /** By name. */
  readonly constants: ReadonlyMap<string, Constant>
  /** The bytes of all files, those of weights first. */
  readonly bytes: readonly Uint8Array[]
}

const MAX_JSON_BYTES = 2 ** 26

/**
 * Reads a `model.json` and the files of weights beside it.
 *
 * @throws {LetiError} `bad-model`, `unsupported`
 * @throws the system's error where the file cannot be read
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
    throw new LetiError('bad-model', 'not a model.json: it is no JSON')
  }
}

/** Checks all sizes before it reads any. */
async function readShards(folder: string, paths: readonly string[]): Promise<Buffer[]> {
  const files = paths.map((path) => shardFile(folder, path))
  let total = 0
  for (const file of new Set(files)) {
    const found = await stat(file).catch(() => undefined)
    if (!found?.isFile()) throw damaged(`its weights ${printable(file)} are missing`)
    total += found.size
  }
  if (new Set(files).size < files.length) throw damaged('its weights name a file twice')
  if (total > MAX_BYTES) throw new LetiError('unsupported', 'weights of more than 2 GiB')
  return Promise.all(files.map((file) => readFile(file)))
}

/** The file of a path of weights: it must not lead out of the model's folder. */
function shardFile(folder: string, path: string): string {
  const local = normalize(path)
  const leaves = isAbsolute(local) || /^\.\.($|[\\/])/.test(local) || /[\0\n]|:\//.test(local)
  if (leaves || path === '') throw damaged(`its weights ${printable(path)} are not beside it`)
  return join(folder, local)
}

import { dirname } from 'node:path'
import { asLetiError, LetiError, parseJson } from '@leti/records'
import {
  checkRegular,
  fileWithin,
  MAX_FILE_BYTES,
  readRegular,
  systemReason,
} from '@leti/records/files'
import type { Constant } from '../../importer/constant.js'
import { printable } from '../../importer/names.js'
import type { ModelPart } from '../../model-part.js'
import { damaged, object, type Json } from './json.js'
import { groupConstants, weightGroups, type WeightGroup } from './manifest.js'

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
  const { json, file, groups } = await readManifest(path)
  const constants = new Map<string, Constant>()
  const bytes: Uint8Array[] = []
  for (const { group, parts } of groups) {
    const shards = await Promise.all(parts.map((part) => readRegular(part.path)))
    const whole = shards.length === 1 ? shards[0] : Buffer.concat(shards)
    for (const [name, constant] of groupConstants(group, whole)) constants.set(name, constant)
    bytes.push(whole)
  }
  return { json, constants, bytes: [...bytes, file] }
}

/**
 * The weight files that a `model.json` lists, each checked as in `readTfjsFiles`.
 *
 * @throws as `readTfjsFiles`
 */
export async function tfjsWeightParts(path: string): Promise<ModelPart[]> {
  const { groups } = await readManifest(path)
  return groups.flatMap(({ parts }) => parts)
}

async function readManifest(path: string) {
  const file = await readRegular(path, MAX_JSON_BYTES)
  const json = object(parsed(file), 'model.json')
  const parts = new PartList(dirname(path))
  const groups: { readonly group: WeightGroup; readonly parts: readonly ModelPart[] }[] = []
  for (const group of weightGroups(json.weightsManifest)) {
    groups.push({ group, parts: await parts.add(group.paths) })
  }
  return { json, file, groups }
}

function parsed(file: Buffer): unknown {
  try {
    return parseJson(file.toString('utf8').replace(/^\uFEFF/, ''))
  } catch {
    throw new LetiError('bad-model', 'not a model.json: it is not valid JSON')
  }
}

/** Finds the weight files of a model and checks them, before any of them is read. */
class PartList {
  private readonly paths = new Set<string>()
  private bytes = 0

  constructor(private readonly folder: string) {}

  /** @throws {LetiError} `bad-model`, `unsupported` */
  async add(names: readonly string[]): Promise<ModelPart[]> {
    const parts: ModelPart[] = []
    for (const name of names) {
      const path = await this.find(name)
      if (this.paths.has(path)) throw damaged('it lists a weight file twice')
      this.paths.add(path)
      parts.push({ name, path })
    }
    return parts
  }

  private async find(name: string): Promise<string> {
    let path: string | undefined
    try {
      path = await fileWithin(this.folder, name)
      if (path !== undefined) this.bytes += await checkRegular(path)
    } catch (error) {
      if (asLetiError(error)) throw error
      const file = `weight file "${printable(name)}"`
      const message = `${file} cannot be read: ${systemReason(error)}; put it beside model.json`
      throw new LetiError('bad-model', message)
    }
    if (path === undefined) {
      throw damaged(`weight file "${printable(name)}" is outside the folder of the model`)
    }
    if (this.bytes > MAX_FILE_BYTES) {
      throw new LetiError('unsupported', 'the weights are larger than the limit of 2 GiB')
    }
    return path
  }
}

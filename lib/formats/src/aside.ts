import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isSystemError, LetiError } from '@leti/records'
import { digestFiles, hasEnded, IDENTITY, ownIdentity } from '@leti/records/files'
import type { ModelPart } from './model-part.js'
import { modelParts } from './model-parts.js'
import type { WrittenModel } from './model-writer.js'

/** What becomes of another model that lies where one is written. */
export type Earlier = 'replaced' | 'kept'

/**
 * Writes the files of a model aside, so that they appear in its folder all at once or not at all.
 *
 * @param folder of the model; the folder that it lies in is created if it is missing
 * @param format of the files, by name
 * @param earlier what becomes of another model of this format in the folder
 * @param write writes them into another folder
 * @throws {LetiError} `id-taken` if another model is kept
 * @throws the system's error if the files cannot be written
 * @throws what `write` throws
 */
export async function writeAside(
  folder: string,
  format: string,
  earlier: Earlier,
  write: (aside: string) => Promise<WrittenModel>,
): Promise<WrittenModel> {
  const aside = join(dirname(folder), `${HIDDEN}${ownIdentity()}-${randomUUID()}`)
  await mkdir(aside, { recursive: true })
  try {
    const written = await write(aside)
    const path = join(folder, basename(written.path))
    const held = await partsOf(path, format)
    if (earlier === 'replaced' || held === undefined) await move(aside, folder, path, held ?? [])
    else if ((await digestOf(held)) !== written.sha256) throw taken(path)
    return { ...written, path }
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

/** The files of a model; undefined if there is none, and empty if it is damaged. */
async function partsOf(path: string, format: string): Promise<readonly ModelPart[] | undefined> {
  try {
    return await modelParts(path, format)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (isSystemError(error)) throw error
    return []
  }
}

async function digestOf(parts: readonly ModelPart[]): Promise<string> {
  return (await digestFiles(parts.map(({ path }) => path))).sha256
}

function taken(path: string): LetiError {
  const remedy = 'choose another folder, or remove the model'
  return new LetiError('id-taken', `${path} is another model of the same id: ${remedy}`)
}

const NOT_EMPTY = new Set(['ENOTEMPTY', 'EEXIST'])

/**
 * @param path the file that makes the model complete
 * @param replaced the files of the model that it replaces
 */
async function move(
  aside: string,
  folder: string,
  path: string,
  replaced: readonly ModelPart[],
): Promise<void> {
  try {
    await rename(aside, folder)
  } catch (error) {
    if (!NOT_EMPTY.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    await rm(path, { force: true })
    for (const part of replaced) await rm(part.path, { force: true })
    const last = basename(path)
    const others = (await readdir(aside)).filter((name) => name !== last)
    for (const name of [...others, last]) await rename(join(aside, name), join(folder, name))
  }
}

/** Folders of models that are being written: hidden, and named after the process that writes. */
const HIDDEN = '.leti-part-'
const PART = new RegExp(String.raw`^\.leti-part-(${IDENTITY})-`)

/** Removes what killed processes of this computer left behind when they wrote models into a folder. */
export async function removeLeftovers(out: string): Promise<void> {
  for (const name of await readdir(out)) {
    const [, identity] = PART.exec(name) ?? []
    if (identity && hasEnded(identity)) await rm(join(out, name), { recursive: true, force: true })
  }
}

import { rmSync } from 'node:fs'
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LetiError } from '@leti/records'
import { hasEnded, IDENTITY, ownIdentity, systemReason } from '@leti/records/files'

/** `leti-`, the name of the process that made it, and characters that `mkdtemp` chose. */
const RUN_FOLDER = new RegExp(String.raw`^leti-(${IDENTITY})-\w{6}$`)

const folders = new Map<string, Promise<string>>()

/**
 * The one folder for all temporary files of this process and of the programs that it starts. It is removed
 * when this process ends; if this process is killed, the next run removes it.
 *
 * @throws {LetiError} `usage` if it cannot be made
 */
export function runFolder(parent = tmpdir()): Promise<string> {
  const folder = folders.get(parent) ?? makeRunFolder(parent)
  folders.set(parent, folder)
  return folder
}

/** A new folder inside the folder of this run. */
export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(await runFolder(), 'files-'))
}

async function makeRunFolder(parent: string): Promise<string> {
  await removeLeftovers(parent)
  let path: string
  try {
    path = await mkdtemp(join(parent, `leti-${ownIdentity()}-`))
  } catch (error) {
    const problem = `cannot make a folder for temporary files in ${parent}: ${systemReason(error)}`
    throw new LetiError('usage', `${problem}; set TMPDIR to a folder with space for model files`)
  }
  process.once('exit', () => removeNow(path))
  return path
}

/** Programs that were just killed may still hold files. The next run removes what cannot be removed. */
function removeNow(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 })
  } catch {
    // The next run tries again.
  }
}

/** Removes the folders of this user's runs that have ended. */
async function removeLeftovers(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => [])
  for (const name of names) {
    const [, identity] = RUN_FOLDER.exec(name) ?? []
    const path = join(parent, name)
    if (identity && hasEnded(identity) && (await isOwn(path))) {
      await rm(path, { recursive: true, force: true }).catch(() => undefined)
    }
  }
}

async function isOwn(path: string): Promise<boolean> {
  const entry = await lstat(path).catch(() => undefined)
  return entry?.isDirectory() === true && entry.uid === (process.getuid?.() ?? entry.uid)
}

import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** The largest size of a cache of models, bytes. */
const MOST_BYTES = 4 * 2 ** 30
/** A model that was used within this time may be in use now, ms. */
const IN_USE_MS = 600_000

/** Notes that a model is used. */
export async function touch(folder: string): Promise<void> {
  const now = new Date()
  await utimes(folder, now, now)
}

/** Removes the models that were used longest ago, until there is room for another one. */
export async function makeRoom(
  cache: string,
  bytes: number,
  most = MOST_BYTES,
  inUseMs = IN_USE_MS,
): Promise<void> {
  const names = await readdir(cache).catch(() => [])
  const found = await Promise.all(names.map((name) => modelIn(join(cache, name))))
  const models = found.filter((model) => model !== undefined)
  let sum = models.reduce((total, model) => total + model.bytes, bytes)
  for (const model of models.sort((a, b) => a.used - b.used)) {
    if (sum <= most || Date.now() - model.used < inUseMs) return
    await rm(model.folder, { recursive: true, force: true })
    sum -= model.bytes
  }
}

/** @returns `undefined` if another process has removed it */
async function modelIn(folder: string) {
  try {
    return { folder, used: (await stat(folder)).mtimeMs, bytes: await sizeOf(folder) }
  } catch {
    return undefined
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

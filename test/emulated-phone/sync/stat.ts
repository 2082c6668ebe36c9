import type { Stats } from 'node:fs'
import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { message, statV1, statV2 } from './messages.js'

/** The answer to STAT, STA2 (follows links) or LST2. */
export async function answerStat(id: string, path: string): Promise<Buffer> {
  const entry = await (id === 'STA2' ? stat : lstat)(path).catch(
    (error: unknown) => error as NodeJS.ErrnoException,
  )
  if (id !== 'STAT') return Buffer.concat([Buffer.from(id), statV2(entry)])
  return message('STAT', ...statV1(entry instanceof Error ? undefined : entry))
}

/** The answer to LIST or LIS2: an entry for each file, then DONE. */
export async function answerList(id: string, folder: string): Promise<Buffer> {
  const names = await readdir(folder).catch(() => undefined)
  const entries = names ? ['.', '..', ...names] : []
  const listed = await Promise.all(entries.map((name) => describe(id, folder, name)))
  const zeros = Buffer.alloc(id === 'LIS2' ? 72 : 16)
  return Buffer.concat([...listed, Buffer.from('DONE'), zeros])
}

async function describe(id: string, folder: string, name: string): Promise<Buffer> {
  const entry: Stats = await lstat(join(folder, name))
  const bytes = Buffer.from(name)
  const head =
    id === 'LIS2'
      ? Buffer.concat([Buffer.from('DNT2'), statV2(entry)])
      : message('DENT', ...statV1(entry))
  return Buffer.concat([head, message('', bytes.length).subarray(4), bytes])
}

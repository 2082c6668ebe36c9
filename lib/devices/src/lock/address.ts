import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * The address of a lock's socket. On Linux and Windows, the kernel forgets it when its process ends,
 * however that ends. Elsewhere it is a file: see `listenOnFile`.
 *
 * Runs with different values of `LETI_LOCK_SCOPE` do not see each other's locks.
 */
export function lockAddress(name: string, platform: NodeJS.Platform = process.platform): string {
  const scope = process.env.LETI_LOCK_SCOPE ?? ''
  const digest = createHash('sha256').update(`${scope}\n${name}`).digest('hex')
  const socket = `leti-lock-${digest.slice(0, 32)}`
  if (platform === 'linux') return `\0${socket}`
  if (platform === 'win32') return `\\\\.\\pipe\\${socket}`
  return join(tmpdir(), socket)
}

/** Whether an address is a file, which outlives its process. */
export function isFile(address: string): boolean {
  return !address.startsWith('\0') && !address.startsWith('\\\\.\\pipe\\')
}

/**
 * Messages of the `sync:` service, as SYNC.TXT and file_sync_protocol.h of the Android source describe
 * them: a four-letter id, then little-endian numbers.
 */
import type { Stats } from 'node:fs'

/** The longest block of a file in one message. */
export const MAX_BLOCK = 64 * 1024

/** Linux's errno values, for the second version of STAT. */
const ERRNO: Readonly<Record<string, number>> = { ENOENT: 2, EACCES: 13, ENOTDIR: 20 }
const EIO = 5

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
}

export function message(id: string, ...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * numbers.length)
  bytes.write(id, 'latin1')
  numbers.forEach((number, i) => bytes.writeUInt32LE(number >>> 0, 4 + 4 * i))
  return bytes
}

/** `WHAT: strerror(errno)`, as adbd reports an error. */
export function failure(what: string, error: unknown): Buffer {
  const { code, message: text } = error as NodeJS.ErrnoException
  const reason = Buffer.from(`${what}: ${REASONS[code ?? ''] ?? text}`)
  return Buffer.concat([message('FAIL', reason.length), reason])
}

/** mode, size, time; all zero if there is no such file. */
export function statV1(entry: Stats | undefined): [number, number, number] {
  return entry ? [entry.mode, entry.size, Math.floor(entry.mtimeMs / 1000)] : [0, 0, 0]
}

/** error, dev, ino, mode, nlink, uid, gid, size, atime, mtime, ctime. */
export function statV2(entry: Stats | NodeJS.ErrnoException): Buffer {
  const bytes = Buffer.alloc(68)
  if (entry instanceof Error) {
    bytes.writeUInt32LE(ERRNO[entry.code ?? ''] ?? EIO)
    return bytes
  }
  bytes.writeBigUInt64LE(BigInt(entry.dev), 4)
  bytes.writeBigUInt64LE(BigInt(entry.ino), 12)
  for (const [i, n] of [entry.mode, entry.nlink, entry.uid, entry.gid].entries()) {
    bytes.writeUInt32LE(n, 20 + 4 * i)
  }
  bytes.writeBigUInt64LE(BigInt(entry.size), 36)
  for (const [i, ms] of [entry.atimeMs, entry.mtimeMs, entry.ctimeMs].entries()) {
    bytes.writeBigInt64LE(BigInt(Math.floor(ms / 1000)), 44 + 8 * i)
  }
  return bytes
}

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Cells } from './cells.js'

/**
 * The sha256 of the index, which is the same on every machine. After a change of how cells are packed,
 * set it to the digest in the error of `writeIndex`.
 */
const INDEX_SHA256 = '112a12d8b60078b3107514e7ca2c213c6614f34cd0f6969797e256eaa9f189de'

/**
 * Reads the space from an index file: the bytes of `buildCells`, 8.5 MB.
 *
 * @throws {Error} if the file cannot be read or its digest is wrong
 */
export function readIndex(path: string): Cells {
  const bytes = readFileSync(path)
  checkDigest(bytes)
  return new Cells(bytes)
}

/**
 * Writes the space as an index file, completely or not at all. Creates the folder if it is missing.
 *
 * @throws {Error} if the space is not the published one or the file cannot be written
 */
export function writeIndex(path: string, cells: Cells): void {
  checkDigest(cells.bytes)
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, cells.bytes)
  renameSync(temporary, path)
}

function checkDigest(bytes: Buffer): void {
  const digest = createHash('sha256').update(bytes).digest('hex')
  if (digest !== INDEX_SHA256)
    throw new Error(`not the index of NAS-Bench-101: sha256 is ${digest}`)
}

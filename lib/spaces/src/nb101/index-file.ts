import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Cells } from './cells.js'

/**
 * The sha256 of the index: it is the same on every machine. Whoever changes how cells are packed sets
 * it to what `writeIndex` then complains of.
 */
const INDEX_SHA256 = '112a12d8b60078b3107514e7ca2c213c6614f34cd0f6969797e256eaa9f189de'

/**
 * Reads the space from an index file: all that `buildCells` made, 8.5 MB.
 *
 * @throws {Error} where the file cannot be read, or is not exactly the index
 */
export function readIndex(path: string): Cells {
  const bytes = readFileSync(path)
  checkDigest(bytes)
  return new Cells(bytes)
}

/**
 * Writes the space as an index file, whole or not at all; makes the folder if need be.
 *
 * @throws {Error} where the space is not the published one, or the file cannot be written
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

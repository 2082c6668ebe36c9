import { createHash } from 'node:crypto'
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { CELL_COUNT } from '@leti/spaces'
import { Table, type Section } from './table.js'

/** The first bytes of an index; the number is that of its format. */
const MAGIC = 'leti nb101-accuracy 1\n'
const HEADER_BYTES = 256
const DIGEST_BYTES = 32

/** What an index was made from: a file that differs in any of these is another one. */
interface Source {
  readonly bytes: number
  readonly modified_ms: number
}

interface Header extends Source {
  readonly epochs: readonly number[]
}

/** The table of an index that was made from this file; `undefined` if there is none, or it is damaged. */
export function readIndexOf(data: string, path: string): Table | undefined {
  let file: Buffer
  try {
    file = readFileSync(path)
  } catch {
    return undefined
  }
  const content = file.subarray(0, -DIGEST_BYTES)
  const isOurs = content.toString('latin1', 0, MAGIC.length) === MAGIC
  if (!isOurs || !digestOf(content).equals(file.subarray(-DIGEST_BYTES))) return undefined
  const header = JSON.parse(content.toString('latin1', MAGIC.length, HEADER_BYTES)) as Header
  const { bytes, modified_ms } = sourceOf(data)
  if (header.bytes !== bytes || header.modified_ms !== modified_ms) return undefined
  return tableIn(content, header.epochs)
}

function tableIn(content: Buffer, epochs: readonly number[]): Table {
  // A copy, since numbers of four bytes must begin at a multiple of four.
  const numbers = new Uint8Array(content.subarray(HEADER_BYTES)).buffer
  const parameters = new Uint32Array(numbers, 0, CELL_COUNT)
  const size = (numbers.byteLength / 4 - CELL_COUNT) / epochs.length
  const start = (number: number): number => 4 * (CELL_COUNT + number * size)
  const sections = epochs.map((budget, number): [number, Section] => [
    budget,
    new Float32Array(numbers, start(number), size),
  ])
  return new Table(parameters, new Map(sections))
}

/** Writes the index of a file, completely or not at all. */
export function writeIndexOf(data: string, path: string, table: Table): void {
  const header: Header = { ...sourceOf(data), epochs: [...table.sections.keys()] }
  const text = (MAGIC + JSON.stringify(header)).padEnd(HEADER_BYTES)
  const parts = [table.parameters, ...table.sections.values()].map(
    ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength),
  )
  const content = Buffer.concat([Buffer.from(text, 'latin1'), ...parts])
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, content)
  writeFileSync(temporary, digestOf(content), { flag: 'a' })
  renameSync(temporary, path)
}

function digestOf(content: Buffer): Buffer {
  return createHash('sha256').update(content).digest()
}

function sourceOf(data: string): Source {
  const { size, mtimeMs } = statSync(data)
  return { bytes: size, modified_ms: mtimeMs }
}

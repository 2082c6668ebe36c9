import type { Io } from '@leti/pipe'
import {
  checkWidth,
  hashOfId,
  recordOfSpec,
  RecordWriter,
  type Cells,
  type Config,
} from '@leti/spaces'

/** Writes cells by their numbers. */
export async function writeCells(
  io: Io,
  numbers: Iterable<number>,
  writer: RecordWriter,
): Promise<void> {
  for (const cell of numbers) {
    if (io.signal.aborted) return
    await io.writeLine(writer.text(cell))
  }
}

/** Writes the cells with these hashes or ids; reports those that are not in the space or do not fit. */
export async function writeHashes(
  io: Io,
  hashes: string,
  cells: Cells,
  config: Config,
): Promise<void> {
  const writer = new RecordWriter(cells, config)
  for await (const { text, place } of hashes === '-' ? io.lines() : given(hashes)) {
    const hash = hashOfId(text.trim())
    const cell = hash === undefined ? undefined : cells.find(hash)
    if (cell === undefined) {
      io.fail(place, `"${text.trim()}" is not a hash or id of a cell in NAS-Bench-101`)
      continue
    }
    try {
      checkWidth(cells, [cell], config)
      await io.writeLine(writer.text(cell))
    } catch (error) {
      io.caught(place, error)
    }
  }
}

function* given(hashes: string): Generator<{ text: string; place: string }> {
  for (const text of hashes.split(',')) yield { text, place: '--hash' }
}

/** Writes the cells of a file in the public API's form as records, validated and pruned. */
export async function writeSpecs(io: Io, file: string, config: Config): Promise<void> {
  for await (const { value, place } of io.json([file])) {
    try {
      await io.write(recordOfSpec(value, config))
    } catch (error) {
      io.caught(place, error)
    }
  }
}

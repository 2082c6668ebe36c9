import { createReadStream } from 'node:fs'
import type { Io } from '@leti/pipe'
import { LetiError } from '@leti/records'
import type { Cells } from '@leti/spaces'
import { Table } from './table.js'
import { readTfRecords } from './tfrecord.js'
import { parseTraining } from './training.js'

const CHUNK_BYTES = 1 << 20

/** The trainings of a file, and whether all of it could be read. */
export interface Built {
  readonly table: Table
  readonly whole: boolean
}

/**
 * Reads the trainings of a TFRecord file. Damage is reported with its offset; what could be read stays.
 *
 * @throws {LetiError} `usage` if the file holds no training at all
 */
export async function buildTable(path: string, cells: Cells, io: Io): Promise<Built> {
  const table = new Table()
  let kept = 0
  let whole = true
  const report = (place: string, message: string): void => {
    whole = false
    io.fail(place, message)
  }
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES, signal: io.signal })
  try {
    for await (const records of readTfRecords(stream)) {
      for (const { offset, data, damaged } of records) {
        const problem = damaged ? 'the checksum of this record is wrong' : take(table, data, cells)
        if (problem === undefined) kept++
        else report(`${path}: byte ${offset}`, `${problem}; it is left out`)
      }
    }
  } catch (error) {
    if (io.signal.aborted) return { table, whole: false }
    if (!kept) {
      const message = `${path} is no TFRecord file of NAS-Bench-101: ${(error as Error).message}`
      throw new LetiError('usage', message)
    }
    io.caught(path, error)
    whole = false
  }
  if (kept) return { table, whole }
  throw new LetiError('usage', `${path} holds no training of a cell of NAS-Bench-101`)
}

/** Adds a training. Returns what is wrong with it, if anything is. */
function take(table: Table, data: Buffer, cells: Cells): string | undefined {
  let training
  try {
    training = parseTraining(data)
  } catch (error) {
    return (error as Error).message
  }
  const cell = cells.find(training.hash)
  if (cell === undefined) return `the hash ${training.hash} is that of no cell of NAS-Bench-101`
  if (table.add(cell, training)) return undefined
  return `the cell ${training.hash} has three trainings of ${training.epochs} epochs already`
}

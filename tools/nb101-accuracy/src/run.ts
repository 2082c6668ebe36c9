import { fileURLToPath } from 'node:url'
import { checkReadable, eachRecordAdding, type Io } from '@leti/pipe'
import { LetiError, messageOf, type LetiRecord } from '@leti/records'
import { buildCells, hashOfId, moduleHash, nb101, readIndex, type Cells } from '@leti/spaces'
import { accuracyOf, type Accuracy } from './accuracy.js'
import { buildTable } from './build.js'
import { readIndexOf, writeIndexOf } from './index-file.js'
import type { Table } from './table.js'

interface AccuracyOptions {
  readonly files: readonly string[]
  /** The benchmark's TFRecord file. */
  readonly data: string
  /** Path of its index. */
  readonly index?: string | undefined
  readonly 'half-way': boolean
}

/** The index of the cells, which the build writes. */
const CELLS = fileURLToPath(new URL('../build/nb101.index', import.meta.url))

/** Adds the accuracies of its cell to each record. */
export async function run(options: AccuracyOptions, io: Io): Promise<void> {
  const { files, data, index = `${data}.index`, 'half-way': halfWay } = options
  await checkReadable(data)
  const cells = await openCells(io)
  const table = readIndexOf(data, index) ?? (await indexed(data, index, cells, io))
  if (io.signal.aborted) return
  await eachRecordAdding(io, files, 'accuracy', (record): Accuracy => {
    const cell = cellOf(record, cells)
    const accuracy = accuracyOf(table, cell, halfWay)
    if (accuracy) return accuracy
    throw new LetiError('unsupported', `${data} has no training of cell ${cells.hash(cell)}`)
  })
}

/** Reads the file, and writes its index if all of it could be read. */
async function indexed(data: string, index: string, cells: Cells, io: Io): Promise<Table> {
  const { table, whole } = await buildTable(data, cells, io)
  try {
    if (whole) writeIndexOf(data, index, table)
  } catch (error) {
    io.warn(`cannot write the index, so the next run reads all again: ${messageOf(error)}`)
  }
  return table
}

/** @throws {LetiError} `unsupported` or `bad-arch` if the record is of no network of the benchmark */
function cellOf({ id, arch }: LetiRecord, cells: Cells): number {
  if (arch && arch.space !== 'nb101') {
    throw new LetiError('unsupported', `space "${arch.space}": the accuracies are of nb101 only`)
  }
  if (arch?.config !== undefined) {
    const message = 'the accuracies are of the published configuration; this record has another'
    throw new LetiError('unsupported', message)
  }
  const hash = hashOfId(id) ?? (arch && moduleHash(nb101.parse(arch).cell))
  const cell = hash === undefined ? undefined : cells.find(hash)
  if (cell !== undefined) return cell
  throw new LetiError('bad-arch', `${hash ?? id} is that of no cell of NAS-Bench-101`)
}

async function openCells(io: Io): Promise<Cells> {
  try {
    return readIndex(CELLS)
  } catch (error) {
    io.warn(`no index (${messageOf(error)}); enumerating the space, which takes about ten seconds`)
    return buildCells()
  }
}

import { basename, dirname, resolve } from 'node:path'
import { addAbortSignal } from 'node:stream'
import { text as readText } from 'node:stream/consumers'
import { checkReadable, type Io } from '@leti/pipe'
import { LetiError, measuredLatency, toRecord, type LetiRecord } from '@leti/records'
import { readGiven } from '@leti/records/files'
import { parseMapping, pathOf, valueOf, type Mapping } from './columns.js'
import type { SourceName } from './names.js'
import type { ResultsFile, Source } from './source.js'
import { aiHub } from './sources/ai-hub.js'
import { benchmarkModel } from './sources/benchmark-model.js'
import { csvOf, put } from './sources/csv.js'
import { ncnn } from './sources/ncnn.js'

interface ImportOptions {
  readonly files: readonly string[]
  readonly from: SourceName
  readonly columns?: string | undefined
  readonly set?: string | undefined
}

/** Writes a record for each latency of the files. */
export async function run({ files, from, columns, set }: ImportOptions, io: Io): Promise<void> {
  for (const name of files) if (name !== '-') await checkReadable(name)
  const source = sourceOf(from, columns)
  const fixed = set === undefined ? [] : parseMapping('--set', set)
  const write = async (found: object, place: string) => {
    try {
      await io.write(checked(found, fixed))
    } catch (error) {
      io.caught(place, error)
    }
  }
  for (const name of files.length ? files : ['-']) {
    if (io.signal.aborted) return
    let isSaid = false
    const fail = (place: string, message: string) => {
      isSaid = true
      io.fail(place, message)
    }
    const file = await fileOf(name, io.signal)
    let count = 0
    try {
      for (const { record, place } of source({ ...file, fail })) {
        count++
        await write(record, place)
      }
    } catch (error) {
      io.caught(file.name, error)
      continue
    }
    if (!count && !isSaid) io.fail(file.name, `no results: is it a file of --from ${from}?`)
  }
}

async function fileOf(name: string, signal: AbortSignal): Promise<Omit<ResultsFile, 'fail'>> {
  if (name === '-') return { name: 'stdin', text: await readStdin(signal) }
  const folder = basename(dirname(resolve(name)))
  return { name, folder, text: await readGiven(name, signal) }
}

async function readStdin(signal: AbortSignal): Promise<string> {
  return readText(addAbortSignal(signal, process.stdin))
}

function sourceOf(from: SourceName, columns: string | undefined): Source {
  if (from === 'csv') {
    if (columns !== undefined) return csvOf(parseMapping('--columns', columns))
    throw new LetiError('usage', 'CSV needs --columns, such as id=name,latency_ms=latency')
  }
  if (columns !== undefined) throw new LetiError('usage', '--columns requires --from csv')
  return { benchmark_model: benchmarkModel, ncnn, 'ai-hub': aiHub }[from]
}

/** @throws {LetiError} `bad-input` if the record has no latency that an inference takes; `usage` without a device */
function checked(found: object, fixed: Mapping): LetiRecord {
  const whole = structuredClone(found)
  for (const [member, text] of fixed) put(whole, pathOf(member), valueOf(member, text))
  const { measurement } = whole as { measurement?: { device?: unknown; latency_ms?: unknown } }
  if (!measurement?.latency_ms) throw new LetiError('bad-input', 'no latency: the row is skipped')
  if (measurement.device === undefined) {
    throw new LetiError('usage', 'the results do not name the device: add --set device=NAME')
  }
  const record = toRecord(whole)
  measuredLatency(record)
  return record
}

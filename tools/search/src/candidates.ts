import { fileURLToPath } from 'node:url'
import { asUsage, type Io } from '@leti/pipe'
import { isObject, LetiError, messageOf, parseJson, type LetiRecord } from '@leti/records'
import { evolution, exhaustive, randomSearch, searchSpace, type Judged } from '@leti/search'
import type { Method, SearchSpaceName } from '@leti/search/names'
import { buildCells, readIndex, type Cells } from '@leti/spaces'
import type { Judging } from './judging.js'
import type { SearchOptions } from './options.js'

/** The index file, which the build writes. */
const INDEX = fileURLToPath(new URL('../build/nb101.index', import.meta.url))

/**
 * The networks within the budget: of the input, or of a search.
 *
 * @param isSlow whether the objective takes so long that few networks can be judged
 */
export async function candidatesOf(
  options: SearchOptions,
  isSlow: boolean,
  judging: Judging,
  io: Io,
): Promise<AsyncGenerator<Judged>> {
  const { space: name, files, seed, evaluations, 'budget-ms': budget_ms } = options
  if (name === undefined) return exhaustive(usable(io, files, judging), judging.judge)
  const method = methodOf(options, isSlow)
  const given = parsedConfig(options.config)
  const cells = await cellsFor(name, method, io)
  const space = asUsage(() => searchSpace(name, given, cells))
  if (method !== 'exhaustive') {
    const sought = { seed, evaluations, budget_ms }
    const search = method === 'random' ? randomSearch : evolution
    return shown(search(space, judging.judge, sought), 'within the budget', evaluations, io)
  }
  if (!space.all) {
    const message = `--method exhaustive: the space ${name} has too many networks; use evolution`
    throw new LetiError('usage', message)
  }
  return exhaustive(shown(space.all(), 'looked at', space.count, io), judging.judge)
}

/** Counts on a terminal what is done. */
async function* shown<T>(
  items: Iterable<T> | AsyncIterable<T>,
  label: string,
  total: number | undefined,
  io: Io,
): AsyncGenerator<T> {
  const progress = await io.progress(label, total)
  try {
    for await (const item of items) {
      yield item
      progress.tick()
    }
  } finally {
    progress.stop()
  }
}

/** The method that is asked for; else exhaustive if that is possible. */
export function methodOf({ space, method }: SearchOptions, isSlow: boolean): Method {
  if (space === undefined) return 'exhaustive'
  return method ?? (isSlow || space === 'fbnet' ? 'evolution' : 'exhaustive')
}

/** The records of the input without an error. */
async function* usable(
  io: Io,
  files: readonly string[],
  judging: Judging,
): AsyncGenerator<LetiRecord> {
  for await (const { record, place } of io.records(files, true)) {
    if (record.error) io.failed = true
    else {
      judging.places.set(record, place)
      yield record
    }
  }
}

function parsedConfig(text = '{}'): Readonly<Record<string, unknown>> {
  const config = asUsage(() => parseJson(text))
  if (isObject(config)) return config
  throw new LetiError('usage', '--config takes a JSON object, such as {"num_labels":100}')
}

/** The cells of NAS-Bench-101, if they are to be listed. */
async function cellsFor(name: SearchSpaceName, method: Method, io: Io): Promise<Cells | undefined> {
  if (name !== 'nb101' || method !== 'exhaustive') return undefined
  try {
    return readIndex(INDEX)
  } catch (error) {
    io.warn(`no index (${messageOf(error)}); enumerating the space, which takes about ten seconds`)
    return buildCells()
  }
}

import { isObject, LetiError, type LetiRecord } from '@leti/records'
import { operationsOf, type Cells } from './cells.js'
import { parseCell, type Cell } from './cell.js'
import { configOfRecord, type Config } from './config.js'
import { matrixOf, unpackCell } from './graph.js'
import { checkCell } from './fit.js'
import { moduleHash } from './hash.js'

/**
 * The id of a cell's network: `nb101-<hash>`, followed by the differences from the published
 * configuration, such as `-i64x64x3-f16`.
 */
export function cellId(hash: string, config: Config): string {
  return `nb101-${hash}${configOfRecord(config).suffix}`
}

/** The hash in a text that is a hash or an id; else undefined. */
export function hashOfId(text: string): string | undefined {
  return /^(?:nb101-)?([0-9a-f]{32})(?:-[a-z0-9-]+)?$/.exec(text)?.[1]
}

/**
 * The record of a cell in the public API's form, `module_adjacency` and `module_operations` or `matrix`
 * and `ops`. The cell is validated and pruned as the public `ModelSpec` does. Other members are kept.
 *
 * @throws {LetiError} `bad-arch`
 */
export function recordOfSpec(spec: unknown, config: Config): LetiRecord {
  if (!isObject(spec))
    throw new LetiError('bad-arch', 'each line must be a JSON object with one cell')
  const { module_adjacency, module_operations, matrix, ops, ...others } = spec
  checkIsSpec(spec)
  const cell = parseCell(module_adjacency ?? matrix, module_operations ?? ops)
  checkCell(cell, config)
  return { ...others, ...recordOfCell(cell, config) }
}

/** The record of a pruned cell. */
export function recordOfCell(cell: Cell, config: Config): LetiRecord {
  const { config: difference } = configOfRecord(config)
  return {
    id: cellId(moduleHash(cell), config),
    arch: {
      space: 'nb101',
      module_adjacency: cell.matrix,
      module_operations: cell.operations,
      ...(difference && { config: difference }),
    },
  }
}

/** @throws {LetiError} `bad-arch` */
function checkIsSpec({ module_adjacency, matrix, arch }: Readonly<Record<string, unknown>>): void {
  if (module_adjacency !== undefined || matrix !== undefined) return
  const what = 'no "module_adjacency" or "matrix"'
  if (arch === undefined) throw new LetiError('bad-arch', what)
  throw new LetiError('bad-arch', `${what}: the line has an "arch", so it is a record already`)
}

/** Formats cells as JSON text of records, several times as fast as `JSON.stringify`. */
export class RecordWriter {
  private readonly suffix: string
  private readonly end: string
  private readonly matrices = new Map<number, string>()
  private readonly operations = new Map<number, string>()

  constructor(
    private readonly cells: Cells,
    config: Config,
  ) {
    const { config: difference, suffix } = configOfRecord(config)
    this.suffix = suffix
    this.end = difference ? `,"config":${JSON.stringify(difference)}}}` : '}}'
  }

  text(cell: number): string {
    const code = this.cells.code(cell)
    const packed = unpackCell(code)
    const { vertices, edges, labeling } = packed
    const matrix = cached(this.matrices, edges, () => matrixOf(vertices, edges))
    const labels = labeling * 8 + vertices
    const operations = cached(this.operations, labels, () => operationsOf(packed))
    return (
      `{"id":"nb101-${this.cells.hash(cell)}${this.suffix}","arch":{"space":"nb101",` +
      `"module_adjacency":${matrix},"module_operations":${operations}${this.end}`
    )
  }
}

/** The JSON text of a value; computed once for each key. */
function cached(texts: Map<number, string>, key: number, make: () => unknown): string {
  let text = texts.get(key)
  if (text === undefined) {
    text = JSON.stringify(make())
    texts.set(key, text)
  }
  return text
}

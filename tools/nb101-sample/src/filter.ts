import type { Io } from '@leti/pipe'
import { isObject, LetiError } from '@leti/records'
import { hashOfId, PUBLISHED_OPERATIONS, type CellFilter, type Cells } from '@leti/spaces'

export interface FilterOptions {
  readonly vertices?: string | undefined
  readonly edges?: string | undefined
  readonly operations?: string | undefined
  readonly exclude?: string | undefined
}

/**
 * Parses the options of the filter.
 *
 * @throws {LetiError} `usage`
 */
export async function toFilter(
  { vertices, edges, operations, exclude }: FilterOptions,
  cells: Cells,
  io: Io,
): Promise<CellFilter> {
  return {
    ...(vertices !== undefined && { vertices: numbersOf('vertices', vertices, 2, 7) }),
    ...(edges !== undefined && { edges: numbersOf('edges', edges, 1, 9) }),
    ...(operations !== undefined && { operations: operationsOf(operations) }),
    ...(exclude !== undefined && { exclude: await takenCells(exclude, cells, io) }),
  }
}

/** Parses numbers and ranges separated by commas, such as `2,4-6`. */
function numbersOf(name: string, text: string, least: number, most: number): Set<number> {
  const numbers = new Set<number>()
  for (const part of text.split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part.trim())
    const first = Number(range?.[1])
    const last = Number(range?.[2] ?? range?.[1])
    if (!(least <= first && first <= last && last <= most)) {
      const bounds = `numbers and ranges from ${least} to ${most}`
      throw new LetiError('usage', `--${name} takes ${bounds}, such as 3,5-7`)
    }
    for (let number = first; number <= last; number++) numbers.add(number)
  }
  return numbers
}

function operationsOf(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !PUBLISHED_OPERATIONS.includes(name))
  if (unknown === undefined) return names
  const known = PUBLISHED_OPERATIONS.join(', ')
  throw new LetiError('usage', `--operations: unknown operation "${unknown}"; known: ${known}`)
}

/** The cells with the ids of a file's records. Records of other spaces are ignored. */
async function takenCells(file: string, cells: Cells, io: Io): Promise<Set<number>> {
  const taken = new Set<number>()
  for await (const { value } of io.json([file])) {
    const id = isObject(value) ? value.id : undefined
    const hash = typeof id === 'string' ? hashOfId(id) : undefined
    const cell = hash === undefined ? undefined : cells.find(hash)
    if (cell !== undefined) taken.add(cell)
  }
  return taken
}

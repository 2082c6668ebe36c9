import { LetiError } from '@leti/records'
import { INPUT, OPERATIONS, OPERATION_NAMES, OUTPUT } from './operations.js'

/**
 * A cell (module): a directed acyclic graph whose vertices are operations. In its adjacency matrix,
 * `matrix[from][to]` is 1 if an edge leads from one vertex to another, always a later one. The first
 * vertex is the input, the last the output.
 */
export interface Cell {
  readonly matrix: readonly (readonly number[])[]
  readonly operations: readonly string[]
}

/**
 * Validates a cell and prunes it as the public `ModelSpec` does: drops vertices that lie on no path
 * from the input to the output.
 *
 * @throws {LetiError} `bad-arch`
 */
export function parseCell(matrix: unknown, operations: unknown): Cell {
  return prune({ matrix: parseMatrix(matrix), operations: parseOperations(matrix, operations) })
}

/** Drops the vertices that lie on no path from the input to the output. */
function prune({ matrix, operations }: Cell): Cell {
  const forward = reach(matrix.length, 0, (from, to) => matrix[from][to])
  const backward = reach(matrix.length, matrix.length - 1, (from, to) => matrix[to][from])
  if (!forward.has(matrix.length - 1)) throw bad('the output cannot be reached from the input')
  const kept = matrix.map((_row, vertex) => vertex).filter((v) => forward.has(v) && backward.has(v))
  return {
    matrix: kept.map((from) => kept.map((to) => matrix[from][to])),
    operations: kept.map((vertex) => operations[vertex]),
  }
}

function reach(
  vertices: number,
  start: number,
  isEdge: (from: number, to: number) => number,
): Set<number> {
  const reached = new Set([start])
  // The iterator of a set also visits elements that are added during the iteration.
  for (const from of reached) {
    for (let to = 0; to < vertices; to++) if (isEdge(from, to)) reached.add(to)
  }
  return reached
}

function parseMatrix(matrix: unknown): number[][] {
  if (!Array.isArray(matrix) || matrix.length < 2) {
    throw bad('the adjacency matrix must have at least two rows')
  }
  matrix.forEach((row: unknown, from) => {
    if (!Array.isArray(row) || row.length !== matrix.length) {
      throw bad('the adjacency matrix must be square')
    }
    row.forEach((entry: unknown, to) => {
      if (entry !== 0 && entry !== 1) throw bad('the adjacency matrix must hold only 0 and 1')
      if (entry === 1 && to <= from) throw bad('the adjacency matrix must be upper triangular')
    })
  })
  return matrix as number[][]
}

/** The operations of the first and the last vertex are ignored, as in the public API. */
function parseOperations(matrix: unknown, operations: unknown): string[] {
  const vertices = (matrix as unknown[]).length
  if (!Array.isArray(operations) || operations.length !== vertices) {
    throw bad(`there must be one operation per vertex: ${vertices}`)
  }
  return operations.map((operation: unknown, vertex) => {
    if (vertex === 0) return INPUT
    if (vertex === vertices - 1) return OUTPUT
    if (typeof operation === 'string' && Object.hasOwn(OPERATIONS, operation)) return operation
    const names = OPERATION_NAMES.join(', ')
    throw bad(`unknown operation ${JSON.stringify(operation)}; known: ${names}`)
  })
}

function bad(message: string): LetiError {
  return new LetiError('bad-arch', message)
}

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
function prune(cell: Cell): Cell {
  const { matrix, operations } = cell
  const last = matrix.length - 1
  const forward = new Array<boolean>(matrix.length).fill(false)
  const backward = forward.slice()
  forward[0] = true
  backward[last] = true
  // Vertices come in topological order.
  for (let from = 0; from < last; from++) {
    if (!forward[from]) continue
    for (let to = from + 1; to <= last; to++) if (matrix[from][to]) forward[to] = true
  }
  if (!forward[last]) throw bad('the output cannot be reached from the input')
  for (let from = last - 1; from >= 0; from--) {
    for (let to = from + 1; to <= last; to++)
      if (matrix[from][to] && backward[to]) backward[from] = true
  }
  if (forward.every((reached, vertex) => reached && backward[vertex])) return cell
  const kept = [...matrix.keys()].filter((vertex) => forward[vertex] && backward[vertex])
  return {
    matrix: kept.map((from) => kept.map((to) => matrix[from][to])),
    operations: kept.map((vertex) => operations[vertex]),
  }
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

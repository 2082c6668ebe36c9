import { hash } from 'node:crypto'
import type { Cell } from './cell.js'
import { OPERATION_NAMES } from './operations.js'

/** Labels of the input and the output vertex in the public hash. */
const INPUT_LABEL = -1
const OUTPUT_LABEL = -2

/**
 * The public hash of a cell, 32 hexadecimal digits: equal for isomorphic cells. The label of an operation
 * is its index in `OPERATION_NAMES`, which begins with the three published operations.
 */
export function moduleHash({ matrix, operations }: Cell): string {
  const inner = operations.slice(1, -1)
  return new ModuleHasher(matrix).hash(inner.map((name) => OPERATION_NAMES.indexOf(name)))
}

/**
 * The public `graph_util.hash_module`, for one graph and many labelings in turn. Each vertex starts with
 * the digest of its degrees and its label. Then there are as many rounds as vertices; in each, a vertex
 * takes the digest of its neighbors' digests and its own.
 * https://github.com/google-research/nasbench/blob/master/nasbench/lib/graph_util.py
 */
export class ModuleHasher {
  private readonly entering: number[][]
  private readonly leaving: number[][]
  private labels: number[] = []
  /** The digests of the vertices after each round, for the labels in `labels`. */
  private readonly rounds: string[][]

  constructor(matrix: Cell['matrix']) {
    const vertices = [...matrix.keys()]
    this.entering = vertices.map((to) => vertices.filter((from) => matrix[from][to]))
    this.leaving = vertices.map((from) => vertices.filter((to) => matrix[from][to]))
    this.rounds = Array.from({ length: vertices.length + 1 }, () => [])
  }

  /** @param inner labels of the vertices between input and output */
  hash(inner: readonly number[]): string {
    const last = this.labels
    this.labels = [INPUT_LABEL, ...inner, OUTPUT_LABEL]
    // Digests that no changed label has reached are the same as for the previous labeling.
    let stale = this.labels.map((label, vertex) => label !== last[vertex])
    for (let round = 0; round < this.rounds.length; round++) {
      if (round > 0) stale = this.spread(stale)
      for (let vertex = 0; vertex < stale.length; vertex++) {
        if (stale[vertex]) this.rounds[round][vertex] = md5(this.messageOf(vertex, round))
      }
    }
    // In the format in which Python prints a list of strings.
    return md5(`['${sorted(this.rounds[this.rounds.length - 1]).join("', '")}']`)
  }

  private messageOf(vertex: number, round: number): string {
    const entering = this.entering[vertex]
    const leaving = this.leaving[vertex]
    if (!round) return `(${leaving.length}, ${entering.length}, ${this.labels[vertex]})`
    const digests = this.rounds[round - 1]
    return `${joinSorted(entering, digests)}|${joinSorted(leaving, digests)}|${digests[vertex]}`
  }

  /** The flagged vertices and all their neighbors. */
  private spread(flags: readonly boolean[]): boolean[] {
    const result = flags.slice()
    for (let vertex = 0; vertex < flags.length; vertex++) {
      if (!flags[vertex]) continue
      for (const neighbor of this.entering[vertex]) result[neighbor] = true
      for (const neighbor of this.leaving[vertex]) result[neighbor] = true
    }
    return result
  }
}

function joinSorted(vertices: readonly number[], digests: readonly string[]): string {
  if (vertices.length === 1) return digests[vertices[0]]
  let text = ''
  for (const digest of sorted(vertices.map((vertex) => digests[vertex]))) text += digest
  return text
}

/** Insertion sort: several times as fast as `Array.sort` for a few strings. */
function sorted(texts: readonly string[]): string[] {
  const result: string[] = []
  for (const text of texts) {
    let place = result.length
    for (; place > 0 && result[place - 1] > text; place--) result[place] = result[place - 1]
    result[place] = text
  }
  return result
}

function md5(text: string): string {
  return hash('md5', text)
}

import { LetiError, parseEdgeName, parseVertexName, type Features } from '@leti/records'
import type { Graph } from './network.js'

/** Which features describe which part of a graph. */
export interface GraphLayout {
  /** Without the global vertex. */
  readonly vertices: number
  readonly operations: readonly string[]
  readonly edges: readonly { readonly name: string; readonly from: number; readonly to: number }[]
  /** Features that say which operation a vertex has. */
  readonly marks: readonly {
    readonly name: string
    readonly vertex: number
    readonly operation: number
  }[]
}

/** @throws {LetiError} `usage` if the names describe no graph */
export function layoutOf(names: readonly string[]): GraphLayout {
  const edges = names.flatMap((name) => {
    const edge = parseEdgeName(name)
    return edge ? [{ name, ...edge }] : []
  })
  const found = names.flatMap((name) => {
    const mark = parseVertexName(name)
    return mark ? [{ name, ...mark }] : []
  })
  if (!edges.length || !found.length) {
    const advice = 'run featurize --set proxies,graph on records of nb101 or nb201'
    throw new LetiError('usage', `the records have no features of the set "graph": ${advice}`)
  }
  const operations = [...new Set(found.map(({ operation }) => operation))]
  const marks = found.map((mark) => ({ ...mark, operation: operations.indexOf(mark.operation) }))
  const vertices = 1 + Math.max(...edges.map(({ to }) => to))
  if (marks.some(({ vertex }) => vertex >= vertices)) {
    throw new LetiError(
      'usage',
      'the features of the set "graph" name a vertex without edges: run featurize again',
    )
  }
  return { vertices, operations, edges, marks }
}

/**
 * Builds the graph that the features describe, with a global vertex first, which is connected to all others
 * (BRP-NAS: Dudziak et al., NeurIPS 2020). A vertex reads itself and its successors.
 */
export function graphOf(features: Features, layout: GraphLayout): Graph {
  const { vertices, operations, edges, marks } = layout
  const count = vertices + 1
  const width = operations.length + 1
  const values = new Float32Array(count * width)
  values[operations.length] = 1
  for (const { name, vertex, operation } of marks) {
    values[(vertex + 1) * width + operation] = features[name]
  }
  const sources = Array.from({ length: count }, (_, vertex) => [vertex])
  for (let vertex = 1; vertex < count; vertex++) sources[0].push(vertex)
  for (const { name, from, to } of edges) if (features[name]) sources[from + 1].push(to + 1)
  return { count, features: values, sources }
}

import type { Arch } from '@leti/records'

/** A network's cell as a graph: operators, and which feeds which. */
export interface Cell {
  readonly nodes: readonly string[]
  readonly edges: readonly (readonly [from: number, to: number])[]
}

/** More operators than this are listed, not drawn. */
const MOST_NODES = 24

/** The cell of an architecture; `undefined` if its search space has no cells, or it is damaged. */
export function cellOf(arch: Arch | undefined): Cell | undefined {
  const cell = arch && (adjacencyCell(arch) ?? edgesCell(arch))
  return cell && cell.nodes.length <= MOST_NODES ? cell : undefined
}

/** NAS-Bench-101: operators on nodes. */
function adjacencyCell({
  module_adjacency: rows,
  module_operations: nodes,
}: Arch): Cell | undefined {
  if (!isList(rows) || !isList(nodes) || rows.length !== nodes.length) return undefined
  const edges = rows.flatMap((row, from) =>
    isList(row) ? row.flatMap((edge, to) => (edge && to > from ? [[from, to] as const] : [])) : [],
  )
  return { nodes: nodes.map(String), edges }
}

/** NAS-Bench-201: operators on edges, such as `|nor_conv_3x3~0|+|none~0|skip_connect~1|`. */
function edgesCell({ arch_str: text }: Arch): Cell | undefined {
  if (typeof text !== 'string' || text.length > 1000) return undefined
  const groups = text.split('+').map((group) => group.split('|').filter(Boolean))
  const nodes = ['input', ...groups.slice(1).map((_, i) => `sum ${i + 1}`), 'output']
  const edges: [number, number][] = []
  groups.forEach((group, i) => {
    for (const edge of group) {
      const [operation, from] = edge.split('~')
      if (operation === 'none' || !(Number(from) <= i)) continue
      const node = nodes.push(operation) - 1
      edges.push([Number(from), node], [node, i + 1])
    }
  })
  return { nodes, edges }
}

/** The operators of an architecture with their numbers, the most frequent first. */
export function operatorsOf(arch: Arch | undefined): [name: string, count: number][] {
  const list = cellOf(arch)?.nodes ?? (isList(arch?.ops) ? arch.ops.map(String) : [])
  const counts = new Map<string, number>()
  for (const name of list) {
    if (!/^(input|output|sum \d+)$/.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].sort(([, a], [, b]) => b - a)
}

/** The other members of an architecture, such as its name and resolution. */
export function settingsOf(arch: Arch | undefined): [name: string, value: string][] {
  const drawn = ['space', 'module_adjacency', 'module_operations', 'arch_str', 'ops']
  return Object.entries(arch ?? {})
    .filter(([name]) => !drawn.includes(name))
    .map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      return [name, text.length > 120 ? `${text.slice(0, 120)}…` : text]
    })
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value)
}

import type { Cell } from './cell.js'
import { svg } from './dom.js'

const WIDTH = 86
const HEIGHT = 24
const GAP_X = 14
const GAP_Y = 22

/** Names of operators as a small box shows them. */
const SHORT: readonly (readonly [RegExp, string])[] = [
  [/^(?:nor_)?conv_?(\d)x(\d).*$/, 'conv $1×$2'],
  [/^(max|avg)_?pool_?(\d)x(\d)$/, '$1 pool $2×$3'],
  [/^skip_connect$/, 'skip'],
]

interface Place {
  readonly x: number
  readonly y: number
}

/** The cell from top to bottom: every operator below all that feed it. */
export function drawCell({ nodes, edges }: Cell): SVGElement {
  const layers = layersOf(nodes.length, edges)
  const most = Math.max(...layers.map(({ length }) => length))
  const width = most * (WIDTH + GAP_X) + 2 * GAP_X
  const height = layers.length * (HEIGHT + GAP_Y) - GAP_Y
  const places: Place[] = []
  layers.forEach((layer, row) => {
    layer.forEach((node, i) => {
      const x = width / 2 + (i - (layer.length - 1) / 2) * (WIDTH + GAP_X)
      places[node] = { x, y: row * (HEIGHT + GAP_Y) + HEIGHT / 2 }
    })
  })
  const label = `Cell: ${edges.map(([a, b]) => `${nodes[a]} to ${nodes[b]}`).join(', ')}`
  return svg(
    'svg',
    {
      class: 'cell',
      viewBox: `0 -1 ${width} ${height + 2}`,
      width,
      height,
      role: 'img',
      'aria-label': label,
    },
    ...edges.map(([from, to]) => svg('path', { d: curve(places[from], places[to]) })),
    ...nodes.map((name, i) => box(name, places[i])),
  )
}

/** Each node in the layer after the last of those that feed it. */
function layersOf(count: number, edges: Cell['edges']): number[][] {
  const depth = Array.from({ length: count }, () => 0)
  // As many rounds as nodes: enough for every graph without circles, and an end for those with.
  for (let round = 0; round < count; round++) {
    for (const [from, to] of edges)
      depth[to] = Math.min(count, Math.max(depth[to], depth[from] + 1))
  }
  const used = [...new Set(depth)].sort((a, b) => a - b)
  return used.map((level) => [...depth.keys()].filter((node) => depth[node] === level))
}

/** A line that passes beside the boxes between its ends. */
function curve(from: Place, to: Place): string {
  const [y, end] = [from.y + HEIGHT / 2, to.y - HEIGHT / 2]
  const passes = to.y - from.y > HEIGHT + GAP_Y + 1
  const side = passes && Math.abs(from.x - to.x) < WIDTH ? WIDTH * 0.95 : 0
  const bend = Math.min(end - y, 40)
  return `M${from.x} ${y}C${from.x + side} ${y + bend} ${to.x + side} ${end - bend} ${to.x} ${end}`
}

function box(name: string, { x, y }: Place): SVGElement {
  const rest = { width: WIDTH, height: HEIGHT, rx: 5 }
  return svg(
    'g',
    { class: `node ${familyOf(name)}` },
    svg('title', {}, name),
    svg('rect', { x: x - WIDTH / 2, y: y - HEIGHT / 2, ...rest }),
    svg('text', { x, y: y + 4 }, shortOf(name)),
  )
}

function familyOf(name: string): string {
  if (name.includes('conv')) return name.includes('1x1') ? 'pointwise' : 'conv'
  return name.includes('pool') ? 'pool' : 'other'
}

function shortOf(name: string): string {
  for (const [pattern, text] of SHORT) if (pattern.test(name)) return name.replace(pattern, text)
  return name.length > 13 ? `${name.slice(0, 12)}…` : name
}

/**
 * The table of tensorflow/core/util/stats_calculator.cc. LiteRT.js has no profiler, so the times are EMULATED:
 * the measured time is split in proportion to how much each operator computes.
 */
import type { Delegated } from './delegation.js'
import type { GraphNode } from './graph.js'
import { mean, sum, summary } from './statistics.js'

export interface ProfileRow {
  readonly type: string
  readonly name: string
  /** Microseconds of each run. */
  readonly times: number[]
}

export interface ProfileFormat {
  readonly csv: boolean
  /** Whether to print when each operator began, as older tools do. */
  readonly start: boolean
  /** The width of the first column: 24, in newer tools 40. */
  readonly width: number
}

/** Splits the runs' times among the operators; each kernel of a delegate is one row. */
export function rowsOf(
  graph: readonly GraphNode[],
  runs: readonly number[],
  taken?: Delegated,
): ProfileRow[] {
  const total = sum(graph.map(({ weight }) => weight))
  const row = (type: string, nodes: readonly GraphNode[], index: number): ProfileRow => {
    const share = sum(nodes.map(({ weight }) => weight)) / total
    const outputs = nodes[nodes.length - 1].outputs
    return {
      type,
      name: `[${outputs.join(', ')}]:${index}`,
      times: runs.map((us) => Math.round(us * share)),
    }
  }
  const { delegate = '', nodes = 0, kernels = 0 } = taken ?? {}
  const delegated = Array.from({ length: kernels }, (_, k) =>
    graph.slice(Math.floor((k * nodes) / kernels), Math.floor(((k + 1) * nodes) / kernels)),
  ).map((part, k) => row(delegate, part, graph.length + k))
  const rest = graph.slice(nodes).map((node, i) => row(node.type, [node], nodes + i))
  return [...delegated, ...rest]
}

/** The tables by run order and by time, the summary by type, and the totals. */
export function profileText(rows: readonly ProfileRow[], format: ProfileFormat): string {
  const byTime = [...rows].sort((a, b) => sum(b.times) - sum(a.times))
  const runs = rows[0]?.times.map((_, i) => sum(rows.map(({ times }) => times[i]))) ?? []
  return [
    table('Run Order', rows, format),
    table('Top by Computation Time', byTime, format),
    byType(rows, format),
    `Timings (microseconds): ${summary(runs, true)}\nMemory (bytes): count=0\n`,
    `${rows.length} nodes observed\n`,
  ].join('')
}

function table(title: string, rows: readonly ProfileRow[], format: ProfileFormat): string {
  const rule = '='.repeat(30)
  const total = sum(rows.map(({ times }) => sum(times)))
  let startUs = 0
  let cumulated = 0
  const lines = rows.map(({ type, name, times }) => {
    const percent = (sum(times) * 100) / total
    cumulated += percent
    const start = startUs / 1000
    startUs += mean(times)
    const avg = mean(times) / 1000
    return cells(format, [type, start, times[0] / 1000, avg, percent, cumulated, 0, 1, name])
  })
  const header = format.csv
    ? `node type, ${format.start ? 'start, ' : ''}first, avg_ms, %, cdf%, mem KB, times called, name`
    : headerOf(format, ['[node type]', '[first]', '[avg ms]', '[%]', '[cdf%]', '[mem KB]'])
  return `${rule} ${title} ${rule}\n${[header, ...lines].join('\n')}\n\n`
}

function headerOf(format: ProfileFormat, [type, ...rest]: string[]): string {
  const widths = [9, 9, 8, 8, 10]
  const columns = rest.map((text, i) => text.padStart(widths[i]))
  const start = format.start ? ['[start]'.padStart(17)] : []
  const all = [type.padStart(format.width), ...start, ...columns, '[times called]', '[Name]']
  return all.map((text, i) => (i ? `\t${text}` : `\t${text}`)).join('')
}

type Cells = [string, number, number, number, number, number, number, number, string]

function cells(format: ProfileFormat, row: Cells): string {
  const [type, start, first, avg, percent, cumulated, memory, called, name] = row
  if (format.csv) {
    const times = [...(format.start ? [start] : []), first, avg].map(String)
    return [type, ...times, `${percent}%`, `${cumulated}%`, memory, called, name].join(', ')
  }
  const columns = [
    type.padStart(format.width),
    ...(format.start ? [start.toFixed(3).padStart(17)] : []),
    first.toFixed(3).padStart(9),
    avg.toFixed(3).padStart(9),
    `${percent.toFixed(3).padStart(7)}%`,
    `${cumulated.toFixed(3).padStart(7)}%`,
    memory.toFixed(3).padStart(10),
    String(called).padStart(9),
    name,
  ]
  return columns.map((text) => `\t${text}`).join('')
}

function byType(rows: readonly ProfileRow[], format: ProfileFormat): string {
  const types = [...new Set(rows.map(({ type }) => type))]
  const total = sum(rows.map(({ times }) => mean(times)))
  const summed = types
    .map((type) => {
      const own = rows.filter((row) => row.type === type)
      return { type, count: own.length, us: sum(own.map(({ times }) => mean(times))) }
    })
    .sort((a, b) => b.us - a.us)
  let cumulated = 0
  const lines = summed.map(({ type, count, us }) => {
    const percent = (us * 100) / total
    cumulated += percent
    if (format.csv) {
      return `${type}, ${count}, ${us / 1000}, ${percent}%, ${cumulated}%, 0, ${count}`
    }
    const columns = [
      type.padStart(format.width),
      String(count).padStart(9),
      (us / 1000).toFixed(3).padStart(10),
      `${percent.toFixed(3).padStart(10)}%`,
      `${cumulated.toFixed(3).padStart(10)}%`,
      '0.000'.padStart(10),
      String(count).padStart(9),
    ]
    return columns.map((text) => `\t${text}`).join('')
  })
  const header = format.csv
    ? 'node type, count, avg_ms, avg %, cdf %, mem KB, times called'
    : `\t${'[Node type]'.padStart(format.width)}\t  [count]\t  [avg ms]\t    [avg %]\t    [cdf %]\t  [mem KB]\t[times called]`
  const rule = '='.repeat(30)
  return (
    `Number of nodes executed: ${rows.length}\n${rule} Summary by node type ${rule}\n` +
    `${[header, ...lines].join('\n')}\n\n`
  )
}

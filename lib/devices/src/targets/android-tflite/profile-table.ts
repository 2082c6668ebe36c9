import type { KernelTime } from '@leti/records'

const REGULAR = 'Operator-wise Profiling Info for Regular Benchmark Runs:'
const INTERNAL = 'Delegate internal:'
const RUN_ORDER = /=+ Run Order =+/
const NODES = /Number of nodes executed: (\d+)/
/** Name of a node that stands for all operators that a delegate runs. */
const DELEGATE = /delegate/i

/**
 * Parses the per-operator table that both generations print (TensorFlow, `StatsCalculator`). If a
 * delegate lists its own kernels, they replace its node.
 *
 * @returns the average time of each kernel in ms, in the order of execution; empty if there is no table
 */
export function parseProfile(text: string): KernelTime[] {
  const regular = text.indexOf(REGULAR)
  const report = regular < 0 ? text : text.slice(regular)
  const internal = report.indexOf(INTERNAL)
  if (internal < 0) return parseTable(report)
  const nodes = parseTable(report.slice(0, internal))
  const kernels = parseTable(report.slice(internal))
  const first = nodes.findIndex(({ name }) => DELEGATE.test(name))
  if (first < 0 || kernels.length === 0) return nodes
  const others = nodes.filter(({ name }, index) => index < first || !DELEGATE.test(name))
  return [...others.slice(0, first), ...kernels, ...others.slice(first)]
}

/**
 * Parses the first table in the order of execution. Its columns differ from version to version. An
 * incomplete table is ignored: Android's log cuts off long entries.
 */
function parseTable(text: string): KernelTime[] {
  const lines = text.split('\n')
  const title = lines.findIndex((line) => RUN_ORDER.test(line))
  if (title < 0) return []
  const columns: string[] = lines[title + 1]?.match(/\[[^\]]+\]/g) ?? []
  const average = columns.indexOf('[avg ms]')
  if (average < 0) return []
  const kernels: KernelTime[] = []
  for (const line of lines.slice(title + 2)) {
    const cells = cellsOf(line)
    const ms = Number(cells[average] ?? NaN)
    if (!Number.isFinite(ms)) break
    kernels.push({ name: cells[0], ms })
  }
  return kernels.length === Number(NODES.exec(text)?.[1]) ? kernels : []
}

/**
 * Splits a row at tabs. Android's log may have several spaces in place of a tab; a single space may be
 * part of a name.
 */
function cellsOf(line: string): string[] {
  const cells = line.includes('\t') ? line.split('\t') : line.split(/\s{2,}/)
  return cells.map((cell) => cell.trim()).filter(Boolean)
}

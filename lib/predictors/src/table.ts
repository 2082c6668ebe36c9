import { visible } from '@leti/records'
import type { Metrics } from './metrics.js'

const HEADER = ['', 'MAPE', 'RMSE', '<5%', '<10%', 'rho', 'tau']

/** Metrics as plain text: a title, a header, and one aligned row per name. */
export function metricsTable(
  title: string,
  rows: readonly (readonly [name: string, metrics: Metrics])[],
): string {
  const cells = [HEADER, ...rows.map(([name, metrics]) => [name, ...cellsOf(metrics)])]
  const widths = HEADER.map((_, column) => Math.max(...cells.map((row) => row[column].length)))
  const lines = cells.map((row) => row.map((cell, i) => aligned(cell, widths[i], i)).join('  '))
  return [visible(title), ...lines].join('\n')
}

function cellsOf(metrics: Metrics): string[] {
  return [
    `${metrics.mape_percent.toFixed(2)}%`,
    `${Number(metrics.rmse_ms.toPrecision(3))} ms`,
    `${metrics.within_5_percent.toFixed(1)}%`,
    `${metrics.within_10_percent.toFixed(1)}%`,
    metrics.spearman_rho?.toFixed(3) ?? '-',
    metrics.kendall_tau?.toFixed(3) ?? '-',
  ]
}

function aligned(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width)
}

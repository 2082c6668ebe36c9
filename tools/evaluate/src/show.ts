import { stringify } from 'csv-stringify/sync'
import { alignedTable } from '@leti/pipe'
import type { Metrics } from '@leti/predictors'
import { visible } from '@leti/records'
import type { Row } from './row.js'

/** Columns of the table: a metric, and its number of digits. */
const COLUMNS: readonly (readonly [title: string, name: keyof Metrics, digits: number])[] = [
  ['MAPE %', 'mape_percent', 2],
  ['median %', 'median_ape_percent', 2],
  ['RMSE ms', 'rmse_ms', 3],
  ['<5% %', 'within_5_percent', 1],
  ['<10% %', 'within_10_percent', 1],
  ['rho', 'spearman_rho', 3],
  ['tau', 'kendall_tau', 3],
  ['inside %', 'coverage_90_percent', 1],
]

/** The rows as aligned text. */
export function tableOf(rows: readonly Row[]): string {
  const header = ['', 'count', ...COLUMNS.map(([title]) => title)]
  return alignedTable([header, ...rows.map((row) => [labelOf(row), countOf(row), ...cellsOf(row)])])
}

/** The rows as CSV, one value per column. */
export function csvOf(rows: readonly Row[]): string {
  const flat = rows.map(({ metrics, std, ...row }) => ({
    ...row,
    ...metrics,
    ...Object.fromEntries(Object.entries(std ?? {}).map(([name, value]) => [`std_${name}`, value])),
  }))
  const columns = [...new Set(flat.flatMap((row) => Object.keys(row)))]
  return stringify(flat, { header: true, columns, eof: false, escape_formulas: true })
}

function labelOf({ device, predictor, from_ms, to_ms }: Row): string {
  if (from_ms === undefined || to_ms === undefined) return visible(`${device} ${predictor}`)
  return `  ${Number(from_ms.toPrecision(3))} to ${Number(to_ms.toPrecision(3))} ms`
}

function countOf({ trained_on, metrics }: Row): string {
  return String(trained_on ?? metrics.count)
}

function cellsOf({ metrics, std }: Row): string[] {
  return COLUMNS.map(([, name, digits]) => {
    const value = metrics[name]
    if (value === undefined || !Number.isFinite(value)) return '-'
    const spread = std?.[name]
    return value.toFixed(digits) + (spread === undefined ? '' : ` ± ${spread.toFixed(digits)}`)
  })
}

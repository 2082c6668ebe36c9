import { AGREEMENT_TITLES, agreementCells } from '@leti/measurements'
import { alignedTable } from '@leti/pipe'
import { visible } from '@leti/records'
import { stringify } from 'csv-stringify/sync'
import type { Change } from './change.js'
import type { Comparison } from './compare.js'

/** Most changed networks of a device that the table names; the JSON has all. */
const MOST = 20

/** A row for each device, then the networks that changed. */
export function comparisonTable(comparisons: readonly Comparison[]): string {
  const header = ['', 'networks', ...AGREEMENT_TITLES, 'changed']
  const rows = comparisons.map((one) => [
    visible(one.device),
    `${one.networks}`,
    ...agreementCells(one),
    `${one.changed.length} of ${one.judged}`,
  ])
  return [alignedTable([header, ...rows]), ...comparisons.flatMap(changesOf)].join('\n')
}

function changesOf({ device, changed }: Comparison): string[] {
  if (!changed.length) return []
  const more = changed.length - MOST
  return [
    `${visible(device)}: changed`,
    ...changed.slice(0, MOST).map((change) => `  ${changeText(change)}`),
    ...(more > 0 ? [`  and ${more} more: see --json`] : []),
  ]
}

/** Such as `net-3: 8 to 9.2 ms, +15.0%`, with the day if a change point tells. */
export function changeText({
  id,
  before_ms,
  after_ms,
  change_percent: change,
  since,
}: Change): string {
  const [before, after] = [before_ms, after_ms].map((ms) => Number(ms.toPrecision(4)))
  const day = since === undefined ? '' : ` since ${since.slice(0, 10)}`
  return `${visible(id)}: ${before} to ${after} ms, ${change > 0 ? '+' : ''}${change.toFixed(1)}%${day}`
}

/** A row for each device, with the number of changed networks. */
export function comparisonCsv(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map((one) => ({ ...one, changed: one.changed.length }))
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return stringify(rows, { header: true, columns, eof: false, escape_formulas: true })
}

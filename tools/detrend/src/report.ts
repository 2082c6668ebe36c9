import {
  agreement,
  AGREEMENT_TITLES,
  agreementCells,
  detrend,
  firstPairs,
  type Agreement,
} from '@leti/measurements'
import { alignedTable } from '@leti/pipe'
import { visible } from '@leti/records'
import type { Group } from './gather.js'

/** How well the first two visits of each network agree. Shares are relative, in percent. */
export interface Row {
  readonly device: string
  readonly networks: number
  readonly networks_with_one_visit: number
  /** Absent if no network has two visits. */
  readonly raw?: Agreement
  /** The same without the trend. Absent likewise. */
  readonly detrended?: Agreement
}

export function report({ name, visits, networks }: Group): Row {
  const trend = detrend(visits)
  const pairs = firstPairs(visits, trend)
  const row = {
    device: name,
    networks: networks.size,
    networks_with_one_visit: networks.size - pairs.length,
  }
  if (!pairs.length) return row
  const of = (name: 'measured' | 'detrended', visit: 0 | 1) =>
    pairs.map((pair) => pair[name][visit])
  return {
    ...row,
    raw: agreement(of('measured', 0), of('measured', 1)),
    detrended: agreement(of('detrended', 0), of('detrended', 1)),
  }
}

/** Plain text: a row for the visits as they are, and one for those without the trend. */
export function tableOf(rows: readonly Row[]): string {
  return alignedTable([['', 'pairs', ...AGREEMENT_TITLES], ...rows.flatMap(cellsOf)])
}

function cellsOf({ device, networks, networks_with_one_visit: single, raw, detrended }: Row) {
  const pairs = `${networks - single}`
  const name = visible(device)
  if (!raw || !detrended) return [[name, pairs, ...AGREEMENT_TITLES.map(() => '-')]]
  return [
    [name, pairs, ...agreementCells(raw)],
    ['  detrended', pairs, ...agreementCells(detrended)],
  ]
}

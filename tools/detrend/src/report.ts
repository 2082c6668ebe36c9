import {
  agreement,
  AGREEMENT_TITLES,
  agreementCells,
  detrend,
  firstPairs,
  type Agreement,
  type FirstPair,
} from '@leti/measurements'
import { alignedTable } from '@leti/pipe'
import { visible } from '@leti/records'
import type { Group } from './gather.js'
import { byQuickestRun, trendOfQuickest } from './quickest.js'

/** How well the first two visits of each network agree. Shares are relative, in percent. */
export interface Row {
  readonly device: string
  readonly networks: number
  readonly networks_with_one_visit: number
  /** Absent if no network has two visits. */
  readonly raw?: Agreement
  /** The same without the trend. Absent likewise. */
  readonly detrended?: Agreement
  /** That of the quickest runs, without their own trend. Absent if the visits do not state them. */
  readonly quickest?: Agreement
}

export function report({ name, visits, networks }: Group): Row {
  const pairs = firstPairs(visits, detrend(visits))
  const row = {
    device: name,
    networks: networks.size,
    networks_with_one_visit: networks.size - pairs.length,
  }
  if (!pairs.length) return row
  const quickest = byQuickestRun(visits)
  const quickestPairs = firstPairs(quickest, trendOfQuickest(quickest))
  return {
    ...row,
    raw: agreementOf(pairs, 'measured'),
    detrended: agreementOf(pairs, 'detrended'),
    ...(quickestPairs.length && { quickest: agreementOf(quickestPairs, 'detrended') }),
  }
}

function agreementOf(pairs: readonly FirstPair[], name: 'measured' | 'detrended'): Agreement {
  const of = (visit: 0 | 1) => pairs.map((pair) => pair[name][visit])
  return agreement(of(0), of(1))
}

/** Plain text: a row for the visits as they are, one without the trend, and one for their quickest runs. */
export function tableOf(rows: readonly Row[]): string {
  return alignedTable([['', 'pairs', ...AGREEMENT_TITLES], ...rows.flatMap(cellsOf)])
}

function cellsOf({ device, networks, networks_with_one_visit: single, ...row }: Row) {
  const { raw, detrended, quickest } = row
  const pairs = `${networks - single}`
  const name = visible(device)
  if (!raw || !detrended) return [[name, pairs, ...AGREEMENT_TITLES.map(() => '-')]]
  return [
    [name, pairs, ...agreementCells(raw)],
    ['  detrended', pairs, ...agreementCells(detrended)],
    ...(quickest ? [['  quickest runs', pairs, ...agreementCells(quickest)]] : []),
  ]
}

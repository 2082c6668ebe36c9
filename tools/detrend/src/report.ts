import {
  agreement,
  AGREEMENT_TITLES,
  agreementCells,
  detrend,
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
  const byNetwork = new Map<string, { time: number; latency: number; corrected: number }[]>()
  visits.forEach(({ network, time, latency_ms }, i) => {
    // The trend has not seen the network: else the visits would agree too well.
    const level = trend.networks.get(network)?.latency_ms ?? latency_ms
    const visit = { time, latency: latency_ms, corrected: level * Math.exp(trend.residuals[i]) }
    const known = byNetwork.get(network)
    if (known) known.push(visit)
    else byNetwork.set(network, [visit])
  })
  const pairs = [...byNetwork.values()].filter(({ length }) => length > 1)
  for (const pair of pairs) pair.sort((a, b) => a.time - b.time)
  const row = {
    device: name,
    networks: networks.size,
    networks_with_one_visit: networks.size - pairs.length,
  }
  if (!pairs.length) return row
  const of = (name: 'latency' | 'corrected', visit: number) =>
    pairs.map((pair) => pair[visit][name])
  return {
    ...row,
    raw: agreement(of('latency', 0), of('latency', 1)),
    detrended: agreement(of('corrected', 0), of('corrected', 1)),
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

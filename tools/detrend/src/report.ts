import { detrend, repeatability, type Repeatability } from '@leti/measurements'
import { spearman } from '@leti/predictors'
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

interface Agreement {
  /** How much slower the second visit was, median. */
  readonly bias_percent: number
  /** Of |difference| without the bias. */
  readonly median_difference_percent: number
  readonly p90_difference_percent: number
  readonly noise_percent: number
  readonly mape_floor_percent: number
  readonly spearman_rho?: number
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

function agreement(first: readonly number[], second: readonly number[]): Agreement {
  const rho = spearman(first, second)
  const percent = percentages(repeatability(first, second))
  return { ...percent, ...(Number.isFinite(rho) && { spearman_rho: rho }) }
}

function percentages(of: Repeatability) {
  return {
    bias_percent: 100 * Math.expm1(of.bias),
    median_difference_percent: 100 * Math.expm1(of.medianDifference),
    p90_difference_percent: 100 * Math.expm1(of.p90Difference),
    noise_percent: 100 * of.noise,
    mape_floor_percent: 100 * of.mapeFloor,
  }
}

const HEADER = ['', 'pairs', 'bias', 'median', 'p90', 'noise', 'MAPE floor', 'rho']

/** Plain text: a row for the visits as they are, and one for those without the trend. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [HEADER, ...rows.flatMap(cellsOf)]
  const widths = HEADER.map((_, column) => Math.max(...cells.map((row) => row[column].length)))
  return cells
    .map((row) =>
      row.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  '),
    )
    .join('\n')
}

function cellsOf({ device, networks, networks_with_one_visit: single, raw, detrended }: Row) {
  const pairs = `${networks - single}`
  const name = visible(device)
  if (!raw || !detrended) return [[name, pairs, ...HEADER.slice(2).map(() => '-')]]
  return [
    [name, pairs, ...texts(raw)],
    ['  detrended', pairs, ...texts(detrended)],
  ]
}

function texts(of: Agreement): string[] {
  return [
    ...[of.bias_percent, of.median_difference_percent, of.p90_difference_percent],
    ...[of.noise_percent, of.mape_floor_percent],
  ]
    .map((value) => `${value.toFixed(2)}%`)
    .concat(of.spearman_rho?.toFixed(4) ?? '-')
}

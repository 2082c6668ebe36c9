import type { Report, Row, Source } from './data.js'

/** A point of a plot: the fields that its specification names, and the record that it shows. */
export interface Point {
  /** Index of the record; absent if the point is of many. */
  readonly row?: number
  readonly [field: string]: string | number | undefined
}

/** Two devices to compare. */
export type DevicePair = readonly [a: string, b: string]

/** The points of a source. The page and the figures draw the same ones. */
export function pointsOf(report: Report, source: Source, devices?: DevicePair): Point[] {
  const { rows, predictions, visits, differences, kernels, stages, curves } = report
  if (source === 'rows') return rows.map((_, row) => pointOf(report, { row }))
  if (source === 'pairs') return devices ? pairsOf(rows, devices) : []
  if (source === 'curves') return curves.map((curve) => ({ ...curve }))
  const known = { predictions, visits, differences, kernels, stages }
  return known[source].map((own) => pointOf(report, own))
}

/** The members of the record, and those of its own row, which win. */
function pointOf({ rows }: Report, own: { readonly row: number }): Point {
  const { low, high, ...record } = rows[own.row]
  const { latency } = record
  const { predicted } = own as { predicted?: number }
  const judged = latency !== undefined && predicted !== undefined
  return {
    ...record,
    arch: undefined,
    ...('predicted' in own ? {} : { low, high }),
    ...own,
    ...(judged && { error: 100 * (predicted / latency - 1) }),
  }
}

/** For each device, the latency of each network: the median of its records. */
export function latenciesOf(rows: readonly Row[]) {
  const samples = new Map<string, Map<string, { row: number; latencies: number[] }>>()
  rows.forEach(({ id, device, latency }, row) => {
    if (device === undefined || latency === undefined) return
    const networks = samples.get(device) ?? new Map<string, { row: number; latencies: number[] }>()
    samples.set(device, networks)
    const known = networks.get(id)
    if (known) known.latencies.push(latency)
    else networks.set(id, { row, latencies: [latency] })
  })
  return new Map(
    [...samples].map(([device, networks]) => {
      const medians = [...networks].map(
        ([id, { row, latencies }]) => [id, { row, latency: medianOf(latencies) }] as const,
      )
      return [device, new Map(medians)] as const
    }),
  )
}

function pairsOf(rows: readonly Row[], [a, b]: DevicePair): Point[] {
  const byDevice = latenciesOf(rows)
  const [x, y] = [byDevice.get(a), byDevice.get(b)]
  return [...(x ?? [])].flatMap(([id, { row, latency }]) => {
    const other = y?.get(id)
    if (!other) return []
    const { space } = rows[row]
    return { row, id, space, x: latency, y: other.latency }
  })
}

/** Also runs in the page, which has no other library. */
function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2
}

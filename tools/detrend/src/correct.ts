import { detrend, medianOf, type Corrected, type Detrended } from '@leti/measurements'
import type { LetiRecord, Measurement, Quality } from '@leti/records'
import type { Group, Sitting } from './gather.js'
import { quickestRuns, type QuickestRuns } from './quickest.js'

type Latency = Measurement['latency_ms']

export interface Result {
  readonly record: LetiRecord
  readonly visits: number
  /** Place among all networks of the input. */
  readonly index: number
}

/** A sitting with the factor that takes the trend out of its latency. */
interface FactoredSitting extends Sitting {
  readonly factor: number
}

/** Members of one visit that are not of all visits. */
const OF_ONE_VISIT = ['visit', 'sampled_ms', 'warm_up_ms', 'unit']

/** What detrend knows of one device. */
interface Known {
  readonly trend: Detrended
  readonly quickest: QuickestRuns
}

/** One record for each network of a device. */
export function recordsOf(group: Group): Result[] {
  const trend = detrend(group.visits)
  const known = { trend, quickest: quickestRuns(group.visits) }
  const byNetwork = new Map<string, FactoredSitting[]>()
  group.visits.forEach((sitting, i) => {
    const visit = { ...sitting, factor: trend.factors[i] }
    const others = byNetwork.get(visit.network)
    if (others) others.push(visit)
    else byNetwork.set(visit.network, [visit])
  })
  return [...group.networks].map(([network, { record, index }]) => {
    const visits = byNetwork.get(network) ?? []
    const corrected = trend.networks.get(network)
    if (!corrected) return { record, visits: 0, index }
    const min = known.quickest.latencies.get(network)
    return { record: joined(record, visits, corrected, known, min), visits: visits.length, index }
  })
}

function joined(
  record: LetiRecord,
  visits: readonly FactoredSitting[],
  corrected: Corrected,
  known: Known,
  min: number | undefined,
): LetiRecord {
  const { trend } = known
  const first = Object.entries(record.measurement ?? {})
  const kept =
    visits.length > 1 || trend.pool ? first.filter(([name]) => !OF_ONE_VISIT.includes(name)) : first
  const verified = visits.map((visit) => visit.verified)
  return {
    ...record,
    measurement: {
      ...(Object.fromEntries(kept) as Measurement),
      latency_ms: { ...latencyOf(visits, corrected, trend), ...(min !== undefined && { min }) },
      ...(!verified.includes(undefined) && { verified: !verified.includes(false) }),
      raw: { median: medianOf(visits.map(({ latency_ms }) => latency_ms)) },
      quality: qualityOf(visits, corrected, known),
    },
  }
}

/** The statistics without the trend, but for the quickest run: the median of the visits. */
function latencyOf(
  visits: readonly FactoredSitting[],
  { latency_ms, ci95 }: Corrected,
  { pool }: Detrended,
): Latency {
  const [{ latency, factor }] = visits
  const of = (name: 'mean' | 'std' | 'p90') => {
    const values = visits.map((visit) => (visit.latency[name] ?? NaN) * visit.factor)
    const value = medianOf(values)
    return values.every(Number.isFinite) ? { [name]: value } : {}
  }
  const count = visits.reduce((sum, { latency: own }) => sum + (own.count ?? NaN), 0)
  // The interval of a single sitting, at the level without the trend.
  const own = latency.ci95?.map((bound) => bound * factor) as [number, number] | undefined
  // It holds for one phone of a pool alone.
  const interval = ci95 ?? (visits.length === 1 && !pool ? own : undefined)
  return {
    median: latency_ms,
    ...(latency.median_is && { median_is: latency.median_is }),
    ...of('mean'),
    ...of('std'),
    ...of('p90'),
    ...(Number.isFinite(count) && { count }),
    ...(interval && { ci95: interval }),
  }
}

function qualityOf(
  visits: readonly FactoredSitting[],
  { outliers }: Corrected,
  { trend, quickest }: Known,
): Quality {
  const correlations = visits.flatMap(({ correlation }) => correlation ?? [])
  const correlates = correlations.length === visits.length
  const mean = correlations.reduce((sum, one) => sum + one, 0) / correlations.length
  const flags = [...new Set(visits.flatMap((visit) => visit.flags))].sort()
  const samples = visits.reduce((sum, { latency }) => sum + (latency.count ?? NaN), 0)
  // Of a first-order autoregression: n (1 - rho) / (1 + rho), at most n.
  const effective = samples * Math.min(1, (1 - mean) / (1 + mean))
  return {
    visits: visits.length,
    drift: trend.drift,
    clock_steps: trend.clockSteps,
    ...(trend.noise !== undefined && { noise: trend.noise }),
    ...(quickest.noise !== undefined && { min_noise: quickest.noise }),
    ...(trend.pool?.levels && { units: Object.fromEntries(trend.pool.levels) }),
    ...(correlates && { autocorrelation: mean }),
    ...(correlates && Number.isFinite(effective) && { effective_samples: effective }),
    outliers,
    ...(flags.length > 0 && { flags }),
  }
}

/** Makes the measurement of a record from a run. */
import type { DeviceMeasurement, LatencyStatistics } from '@leti/records'
import { flagsOf } from './conditions.js'
import { latencyStatistics, varianceOfMedian } from './statistics.js'
import type { DeviceDescription, Run } from './target.js'

/** What is the same for all networks that a device measures. */
export type Setting = Pick<DeviceMeasurement, 'device' | 'target' | 'batch'> & DeviceDescription

/** What a measurement cost, and how much it leaves open. */
export interface Effort {
  /**
   * The time before the check that is not timed runs: making and loading the model, warm-up. On this computer, the
   * first visit also waits for the reference.
   */
  readonly costMs: number
  /** Variance of the median, relative to its square. */
  readonly variance: number
}

/** What a record says of a run beside its results. */
interface Circumstances {
  /** When it began. */
  readonly startedAt: string
  /** The largest difference of the outputs from the reference; `undefined` if they were not checked. */
  readonly outputError: number | undefined
  /** Whether the record keeps every sample. */
  readonly samples: boolean
}

export function measurementOf(
  { environment: described, ...setting }: Setting,
  run: Run,
  statistics: LatencyStatistics,
  { startedAt, outputError, samples }: Circumstances,
): DeviceMeasurement {
  const environment = { ...described, ...run.environment }
  const flags = flagsOf(environment)
  return {
    ...setting,
    latency_ms: statistics,
    ...(samples && 'samplesMs' in run.latency && { samples_ms: [...run.latency.samplesMs] }),
    ...(run.kernels && { kernels: [...run.kernels] }),
    ...(run.delegation && { delegation: run.delegation }),
    load_ms: run.loadMs,
    first_run_ms: run.firstRunMs,
    ...(run.warmUpMs !== undefined && { warm_up_ms: run.warmUpMs }),
    ...(run.peakMemoryBytes !== undefined && { peak_memory_bytes: run.peakMemoryBytes }),
    verified: outputError !== undefined,
    ...(outputError !== undefined && { output_error: outputError }),
    started_at: startedAt,
    sampled_ms: sampledMsOf(run),
    environment,
    ...(flags.length > 0 && { quality: { flags } }),
  }
}

export function statisticsOf({ latency }: Run): LatencyStatistics {
  return 'statistics' in latency ? latency.statistics : latencyStatistics(latency.samplesMs)
}

/**
 * @param spentMs on the network before its check
 * @returns `undefined` if the device's own tool chooses the number of runs
 */
export function effortOf(run: Run, spentMs: number): Effort | undefined {
  if (!('samplesMs' in run.latency)) return undefined
  const variance = varianceOfMedian(run.latency.samplesMs)
  return { costMs: Math.max(spentMs - sampledMsOf(run), 0), variance }
}

/** The time that the samples took, in ms. */
function sampledMsOf({ latency }: Run): number {
  if ('statistics' in latency) return latency.statistics.mean * latency.statistics.count
  return latency.samplesMs.reduce((sum, milliseconds) => sum + milliseconds, 0)
}

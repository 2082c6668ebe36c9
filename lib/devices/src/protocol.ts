import type { LatencyStatistics } from '@leti/records'
import { latencyStatistics, median } from './statistics.js'

/** How a network is measured. It is the same on every target. */
export interface Protocol {
  /** Half-width of the median's 95% confidence interval to reach, relative to the median. */
  readonly precision: number
  /** Longest time for the repetitions, in seconds. */
  readonly maxSeconds: number
  /** Whether to also time the kernels one by one, after the measurement. */
  readonly profile: boolean
  /** Whether it is an error if only part of the model runs on the accelerator. */
  readonly requireFullDelegation: boolean
  /** The number of runs that tells most for its time; without it, the precision decides. */
  readonly repetitions?: number | undefined
}

/** Runs the network `count` times and returns the latency of each run, in ms. */
export type Infer = (count: number) => Promise<readonly number[]>

/** The warm-up is stable when a batch is at most this share faster than the one before. */
const STABLE = 0.05
const WARM_UP_BATCH_MS = 50
const BATCH_MS = 100
const MAX_BATCH = 64
const MIN_SAMPLES = 10
/** Long enough that another process that runs for a moment does not shift the median. */
const MIN_SAMPLED_MS = 1000
/** The least time of a number of runs that is asked for. */
const LEAST_SAMPLED_MS = 250
const MAX_SAMPLES = 5000

/**
 * Warms up until the latency is stable. Then repeats the network as often as is asked for; without such a number for at
 * least a second, until the median is known to the requested precision. Ends before if the time is spent.
 *
 * @param firstRunMs latency of the first run, which the caller has made, in ms
 * @returns the latencies after the warm-up, in ms; at least one
 */
export async function sampleLatency(
  infer: Infer,
  protocol: Protocol,
  firstRunMs: number,
): Promise<number[]> {
  const latency = await warmUp(infer, protocol, firstRunMs)
  const batch = batchSize(BATCH_MS, latency)
  const deadline = performance.now() + protocol.maxSeconds * 1000
  const samples: number[] = []
  let sampledMs = 0
  do {
    const latencies = await infer(batch)
    samples.push(...latencies)
    for (const milliseconds of latencies) sampledMs += milliseconds
  } while (
    !isEnough(samples, sampledMs, protocol) &&
    samples.length < MAX_SAMPLES &&
    performance.now() < deadline
  )
  return samples
}

function isEnough(
  samples: readonly number[],
  sampledMs: number,
  { precision, repetitions }: Protocol,
): boolean {
  if (repetitions === undefined) {
    return sampledMs >= MIN_SAMPLED_MS && isPrecise(latencyStatistics(samples), precision)
  }
  return sampledMs >= LEAST_SAMPLED_MS && samples.length >= Math.max(repetitions, MIN_SAMPLES)
}

/** Whether there are enough samples and their median is known to the precision. */
export function isPrecise({ count, ci95, median }: LatencyStatistics, precision: number): boolean {
  return count >= MIN_SAMPLES && ci95 !== undefined && ci95[1] - ci95[0] <= 2 * precision * median
}

/**
 * Runs batches until one is hardly faster than the last, for at most half of the time.
 *
 * @returns the median latency of the last batch, in ms
 */
async function warmUp(infer: Infer, protocol: Protocol, firstRunMs: number): Promise<number> {
  const deadline = performance.now() + protocol.maxSeconds * 500
  let latency = firstRunMs
  for (;;) {
    const next = median(await infer(batchSize(WARM_UP_BATCH_MS, latency)))
    if (next > latency * (1 - STABLE) || performance.now() >= deadline) return next
    latency = next
  }
}

function batchSize(milliseconds: number, latency: number): number {
  const fit = Math.round(milliseconds / Math.max(latency, 0.001))
  return Math.min(Math.max(fit, 1), MAX_BATCH)
}

import { LetiError } from './errors.js'
import { QUALITY, RAW } from './quality.js'
import type { Schema, Static } from './schema.js'

const MS = { type: 'number', minimum: 0 } as const

const COUNT = { type: 'integer', minimum: 0 } as const

const LATENCY_STATISTICS = {
  type: 'object',
  description:
    'Statistics of the latency of one inference, ms: from the input ready to the output on the host. ' +
    'A published table may have only one of them.',
  properties: {
    median: { ...MS, description: 'Median of the runs, ms; see median_is.' },
    median_is: {
      enum: ['mean'],
      description: 'Present if the device reports no median: the mean stands in for it.',
    },
    mean: { ...MS, description: 'Mean of the runs, ms.' },
    std: { ...MS, description: 'Standard deviation of the runs, ms.' },
    min: { ...MS, description: 'Shortest run, ms.' },
    p90: {
      ...MS,
      description:
        'Latency that at least 90% of the runs keep, with 99% confidence (MLPerf, early stopping), ms. ' +
        'Absent if there are too few runs.',
    },
    count: { ...COUNT, description: 'Number of runs.' },
    ci95: {
      type: 'array',
      title: 'a lower and an upper bound, ms',
      prefixItems: [MS, MS],
      minItems: 2,
      maxItems: 2,
      description:
        '95% confidence interval of the median, ms (of the mean if that stands in for it). ' +
        'Absent if there are too few runs.',
    },
  },
} as const satisfies Schema

const KERNEL_TIME = {
  type: 'object',
  description: 'Time of one kernel, in the order in which they ran.',
  required: ['name', 'ms'],
  properties: {
    name: { type: 'string', description: 'Name of the kernel in the runtime.' },
    output_shape: {
      type: 'array',
      items: COUNT,
      description: 'Shape of the output. Absent if the runtime does not report it.',
    },
    ms: { ...MS, description: 'Time of the kernel, ms.' },
  },
} as const satisfies Schema

const DELEGATION = {
  type: 'object',
  description: 'How much of the model ran on the requested accelerator.',
  required: ['full'],
  properties: {
    full: { type: 'boolean', description: 'Whether the whole model ran there.' },
    delegated_nodes: {
      ...COUNT,
      description: 'Operators that ran there. Absent if the runtime does not report it.',
    },
    total_nodes: { ...COUNT, description: 'Operators of the model.' },
    partitions: { ...COUNT, description: 'Parts into which the delegated operators fall.' },
  },
} as const satisfies Schema

export const ENVIRONMENT = {
  type: 'object',
  description: 'Versions and hardware that the latency depends on: os, cpu, gpu, browser, ...',
  additionalProperties: { type: ['string', 'number', 'boolean'] },
} as const satisfies Schema

export const MEASUREMENT = {
  type: 'object',
  description: 'Latency on a device; added by device-run, and made of several visits by detrend.',
  required: ['device', 'latency_ms'],
  properties: {
    device: { type: 'string', description: 'Name of the device.' },
    unit: {
      type: 'string',
      description:
        'Which of several phones measured it, if the device is a pool of them; see farm submit --pool.',
    },
    target: { type: 'string', description: 'How the device was reached, such as android-chrome.' },
    runtime: { type: 'string', description: 'Runtime and its version, such as tfjs@4.22.0.' },
    backend: {
      type: 'string',
      description: 'What of the device the runtime used, such as wasm, webgpu or cpu.',
    },
    threads: { ...COUNT, description: 'Number of CPU threads.' },
    batch: { ...COUNT, description: 'Number of inputs per run.' },
    latency_ms: LATENCY_STATISTICS,
    samples_ms: {
      type: 'array',
      items: MS,
      description: 'Latency of each run, ms; with device-run --samples.',
    },
    kernels: {
      type: 'array',
      items: KERNEL_TIME,
      description: 'Time of each kernel; with device-run --profile.',
    },
    delegation: DELEGATION,
    load_ms: { ...MS, description: 'Time to load the model, ms.' },
    first_run_ms: { ...MS, description: 'Time of the first run, ms.' },
    warm_up_ms: { ...MS, description: 'Time of the runs between the first and the samples, ms.' },
    peak_memory_bytes: { ...COUNT, description: 'Peak memory of the runtime, bytes.' },
    verified: {
      type: 'boolean',
      description:
        'Whether the outputs of the first and the last run were checked against a CPU reference.',
    },
    output_error: {
      type: 'number',
      minimum: 0,
      description:
        "Largest difference from the reference, relative to the reference's largest magnitude.",
    },
    started_at: { type: 'string', description: 'Start of the measurement: ISO 8601, UTC.' },
    sampled_ms: { ...MS, description: 'Time of all runs that were sampled, ms.' },
    visit: {
      type: 'integer',
      minimum: 1,
      description:
        'Which of the measurements of the network in this run it is; see device-run --visits.',
    },
    environment: ENVIRONMENT,
    raw: RAW,
    quality: QUALITY,
  },
} as const satisfies Schema

export type KernelTime = Static<typeof KERNEL_TIME>

export type Delegation = Static<typeof DELEGATION>

export type Environment = Static<typeof ENVIRONMENT>

export type Measurement = Static<typeof MEASUREMENT>

/** `T` with the members `Name` present. */
type With<T, Name extends keyof T> = T & Required<Pick<T, Name>>

/** Statistics of the runs of device-run: complete, unlike those of some published tables. */
export type LatencyStatistics = With<
  Static<typeof LATENCY_STATISTICS>,
  'median' | 'mean' | 'std' | 'min' | 'count'
>

/** A measurement by device-run: complete, unlike those of published tables. */
export type DeviceMeasurement = With<
  Measurement,
  | 'target'
  | 'runtime'
  | 'backend'
  | 'threads'
  | 'batch'
  | 'load_ms'
  | 'first_run_ms'
  | 'verified'
  | 'started_at'
  | 'sampled_ms'
  | 'environment'
> & { latency_ms: LatencyStatistics }

/** The statistics of a measurement that can serve as the latency to learn from. */
export const STATISTICS = ['median', 'mean', 'min'] as const

export type Statistic = (typeof STATISTICS)[number]

/** A nanosecond, and 11 days: other values are errors, and their squares leave the range of numbers. */
const MIN_LATENCY_MS = 1e-6
const MAX_LATENCY_MS = 1e9

/**
 * The measured latency, ms; `undefined` if the record has no measurement. If a published table has no
 * median, its mean stands in for it.
 *
 * @throws {LetiError} `bad-input` if the statistic is absent, 0, or the latency of no inference
 */
export function measuredLatency(
  { measurement }: { readonly measurement?: Measurement },
  statistic: Statistic = 'median',
): number | undefined {
  if (!measurement) return undefined
  const { latency_ms } = measurement
  const latency = latency_ms[statistic] ?? (statistic === 'median' ? latency_ms.mean : undefined)
  const member = `"measurement.latency_ms.${statistic}"`
  if (latency === undefined || latency <= 0) {
    throw new LetiError('bad-input', `${member} must be a positive number of milliseconds`)
  }
  if (latency >= MIN_LATENCY_MS && latency <= MAX_LATENCY_MS) return latency
  const range = `${MIN_LATENCY_MS} to ${MAX_LATENCY_MS} ms`
  throw new LetiError('bad-input', `${member} is ${latency} ms: no inference takes that (${range})`)
}

/**
 * The records that travel between the tools, one JSON object a line. Names carry their unit; a value
 * that is not known is absent. Each tool adds its own member and passes on all that it does not know.
 */
export interface LetiRecord {
  /** Stable, safe as a file name: `[A-Za-z0-9._-]+`. */
  id: string
  arch?: Arch
  model?: Model
  measurement?: Measurement
  features?: Features
  kernels?: KernelWork[]
  prediction?: Prediction
  error?: RecordError
  [member: string]: unknown
}

/** An architecture of a search space; the space alone knows the other members. */
export interface Arch {
  space: string
  [member: string]: unknown
}

export interface Model {
  format: string
  /** The file to load, relative to the working directory; absent where nothing was written. */
  path?: string
  /** Digest of all of the model's files. */
  sha256?: string
  bytes?: number
  /** How the weights are stored where it is not as float32. */
  weights?: string
  /** Trainable parameters of the network as its authors count them, before any folding. */
  parameters: number
  /** Multiply-accumulates of one inference. FLOPs are twice as many. */
  macs: number
}

export interface LatencyStatistics {
  /** Of the samples; where the device's own tool keeps them to itself, see `median_is`. */
  median: number
  /** Present where the device's tool reports no median, and its mean stands in for it. */
  median_is?: 'mean'
  mean: number
  std: number
  min: number
  /** Absent where the device's tool does not report it. */
  p90?: number
  count: number
  /**
   * 95% confidence interval of the median (of the mean where that stands in for it); absent where
   * there are too few samples.
   */
  ci95?: [number, number]
}

export interface KernelTime {
  name: string
  /** Absent where the runtime does not tell it. */
  output_shape?: number[]
  ms: number
}

/** How much of a model ran on the accelerator that was asked for. */
export interface Delegation {
  /** Whether all of it did. */
  full: boolean
  /** Operators that did, of how many, in how many parts; absent where the runtime does not say. */
  delegated_nodes?: number
  total_nodes?: number
  partitions?: number
}

export interface Measurement {
  device: string
  target: string
  runtime: string
  backend: string
  threads: number
  batch: number
  latency_ms: LatencyStatistics
  samples_ms?: number[]
  kernels?: KernelTime[]
  delegation?: Delegation
  load_ms: number
  first_run_ms: number
  peak_memory_bytes?: number
  /** Whether the outputs of the first and the last run were checked against a CPU reference. */
  verified: boolean
  /** Largest difference from the reference, relative to the reference's largest magnitude. */
  output_error?: number
  started_at: string
  environment: Environment
}

export type Environment = Record<string, string | number | boolean>

export type Features = Record<string, number>

/** What a device runs at once of a network, with all that shapes its time; shapes are without batch. */
export interface KernelWork {
  /** Type of the operator that does the work. */
  type: string
  /** How many of them the network has. */
  count: number
  input_shapes: number[][]
  output_shape: number[]
  /** Height and width. */
  window?: number[]
  strides?: number[]
  dilations?: number[]
  /** Groups of channels, where they are convolved apart. */
  groups?: number
  /** Operators that run within it: an activation. */
  fused?: string[]
  macs: number
  input_bytes: number
  output_bytes: number
  weight_bytes: number
}

export interface Prediction {
  latency_ms: number
  /** The interval that holds the share `coverage` of measurements; absent where none is known. */
  low_ms?: number
  high_ms?: number
  coverage?: number
  predictor: string
}

export interface RecordError {
  tool: string
  code: string
  message: string
}

import type { Arch, Features, KernelWork, Quality } from '@leti/records'
import type { OperatorTimes } from './kernel-times.js'

/** A measured network: one row of the training set. */
export interface Sample {
  /** Samples with the same id are measurements of the same network. */
  readonly id: string
  /** Absent if the record says none. */
  readonly arch?: Arch
  readonly features: Features
  /** The network's kernels, for kinds of predictor that sum over kernels. */
  readonly kernels?: readonly KernelWork[]
  readonly latency_ms: number
  /** What detrend says of the measurement. */
  readonly quality?: Quality
  /** Milliseconds by operator, if the network was profiled. */
  readonly kernel_ms?: OperatorTimes
  /** Where its record stands, such as `measured.ndjson:17`, if that is known. */
  readonly place?: string
}

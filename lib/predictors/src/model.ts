import type { Features, KernelWork } from '@leti/records'

/**
 * The scale on which latency is fitted. `linear`: the latency in ms, with errors relative to it unless
 * the kind says otherwise. `log`: the logarithm of the latency; the features enter as logarithms too.
 * A predictor file and `train --target` call it the target.
 */
export const LATENCY_SCALES = ['linear', 'log'] as const

export type LatencyScale = (typeof LATENCY_SCALES)[number]

/** A fitted model: it estimates latencies, and it knows the limits of what it was trained on. */
export interface Model {
  /**
   * Names of the features that it reads, and of those that a network in its domain may have. A network whose
   * features were never computed needs these, and no others.
   */
  readonly features: readonly string[]

  /** @throws {LetiError} `missing-feature` or `out-of-domain` if `estimate` would be a guess */
  check(features: Features, kernels?: readonly KernelWork[]): void

  /** The latency in ms. If `check` throws for the same features, the number is meaningless. */
  estimate(features: Features, kernels?: readonly KernelWork[]): number

  /**
   * The expected error of an estimate relative to that of other networks, without a unit. Intervals are
   * proportional to it. Absent if the kind expects the same error of all networks.
   */
  uncertainty?(features: Features, kernels?: readonly KernelWork[]): number

  /**
   * The relative error that is expected at a distance of 1 from the training set; see `limits`. Absent if
   * the estimate goes on rising outside of it.
   */
  readonly growth?: number

  /** The expected error of one kernel's estimate, as a part of its time; for kinds that sum kernels. */
  kernelUncertainty?(kernel: KernelWork): number

  /** The parameters; `fromJSON` of the kind makes an equal model from them. */
  toJSON(): object
}

import type { Features, KernelWork } from '@leti/records'
import type { FamilyTimes } from './kernel-times.js'

/** A measured network: what a predictor is fitted to. */
export interface Sample {
  readonly id: string
  readonly features: Features
  /** For kinds that go by the kernels. */
  readonly kernels?: readonly KernelWork[]
  readonly latency_ms: number
  /** Where it was profiled, the ms of its kernels by family. */
  readonly kernel_ms?: FamilyTimes
}

/**
 * What a kind fits: the latency itself (with errors taken relative to it, unless the kind says
 * otherwise), or its logarithm, in which case the features enter as logarithms too.
 */
export const TARGETS = ['linear', 'log'] as const

export type Target = (typeof TARGETS)[number]

export interface FitOptions {
  readonly target: Target
  readonly seed: number
  /** Predictors of other devices, for kinds that build on them. */
  readonly references?: readonly Reference[]
}

/** Another device's predictor, as its file holds it. */
export interface Reference {
  readonly name: string
  readonly model: string
  readonly target: Target
  readonly parameters: object
}

/** What a fit gives: it estimates latencies, and it knows what it cannot judge. */
export interface Model {
  /** @throws {LetiError} `missing-feature` or `out-of-domain` where `estimate` would be a guess */
  check(features: Features, kernels?: readonly KernelWork[]): void

  /** The latency in ms; where `check` objects, it may be anything. */
  estimate(features: Features, kernels?: readonly KernelWork[]): number

  /**
   * How far off an estimate may be beside other networks': intervals are as wide as this says. Absent where
   * nothing tells networks apart.
   */
  doubt?(features: Features, kernels?: readonly KernelWork[]): number

  /** The parameters, from which the kind's `fromJSON` makes an equal model. */
  toJSON(): object
}

/** A way to predict latency. Folds, metrics, the file and its loading are the same for all kinds. */
export interface Kind {
  /** A few words for the help. */
  readonly summary: string
  /** Whether it goes by the kernels of networks, of whatever space, and not by features. */
  readonly anyNetwork?: boolean

  fit(samples: readonly Sample[], options: FitOptions): Promise<Model>

  /** @throws {LetiError} `usage` where the parameters are damaged */
  fromJSON(parameters: unknown, target: Target): Model
}

import type { Agreement } from '@leti/measurements'
import type { Arch, Environment } from '@leti/records'
import type { Metrics } from '@leti/predictors'

// What a report shows. It travels inside the page as JSON, so these types are shared with the page and
// import no values.

/** One measured or predicted record. */
export interface Row {
  readonly id: string
  readonly space: string
  /** Device and backend, and what else tells settings of that name apart. Absent without a measurement. */
  readonly device?: string
  /** Measured latency, ms. */
  readonly latency?: number
  /** Bounds of its 95% interval, ms. */
  readonly low?: number
  readonly high?: number
  readonly macs?: number
  readonly parameters?: number
  /** Peak of the activations, bytes. */
  readonly activations?: number
  /** Peak memory of the runtime, bytes. */
  readonly memory?: number
  /** Value of the objective of `search`, and its name. */
  readonly objective?: number
  readonly sought?: string
  readonly arch?: Arch
}

/** A prediction for a record. */
export interface PredictionRow {
  /** Index of the record in `rows`. */
  readonly row: number
  readonly predictor: string
  readonly predicted: number
  readonly low?: number
  readonly high?: number
}

/** A sitting in which a network was measured. */
export interface VisitRow {
  readonly row: number
  /** Minutes since the first visit on the device; absent if the visits say no time. */
  readonly minutes?: number
  /** Position among the visits of the device, from 1. */
  readonly order: number
  /** Latency relative to the network's without the drift, percent. */
  readonly measured: number
  /** The trend at that time, percent. Absent if only the result of detrend is known. */
  readonly trend?: number
}

/** The time that a network spends in the kernels of one name. */
export interface KernelRow {
  readonly row: number
  readonly kernel: string
  readonly ms: number
}

/** The time that a network spends at one size of its feature maps. */
export interface StageRow {
  readonly row: number
  /** Height and width of what the kernels write, such as `32×32`. */
  readonly stage: string
  /** Height times width; 0 for other shapes. */
  readonly area: number
  readonly ms: number
}

/** A point of a learning curve, as `evaluate --learning-curve` has it. */
export interface CurveRow {
  /** Number of the curve, from 0. */
  readonly curve: number
  readonly device: string
  readonly space: string
  /** Kind of predictor. */
  readonly kind: string
  /** Networks to learn from and to test on, together. */
  readonly networks: number
  /** Networks to learn from. */
  readonly count: number
  /** Mean of the random splits, and their standard deviation, percent. */
  readonly mape: number
  readonly deviation: number
}

/** A step that made what the report shows. */
export interface StepRow {
  /** The tool, or `measured` for measurements of any origin. */
  readonly tool: string
  readonly device?: string
  /** With what the records state of its options. */
  readonly command?: string
  readonly facts: Readonly<Record<string, string>>
}

/** As `evaluate` has it. */
export interface AccuracyRow {
  readonly device: string
  readonly predictor: string
  readonly metrics: Metrics
  /** MAPE that no predictor can beat against single visits, percent. Absent without repeated visits. */
  readonly floor?: number
}

/** How well two visits agree. */
export interface AgreementRow {
  readonly device: string
  readonly visits: 'as measured' | 'without drift'
  /** Networks with two visits. */
  readonly networks: number
  readonly agreement: Agreement
  /** Of the device, percent. */
  readonly drift: number
  readonly steps: number
}

/** The difference of the first two visits of a network, without the bias of all. */
export interface DifferenceRow {
  readonly row: number
  readonly visits: 'as measured' | 'without drift'
  /** |second - first|, percent. */
  readonly difference: number
}

/** What is known of a device: each member with all values that the records state. */
export interface EnvironmentRow {
  readonly device: string
  readonly records: number
  readonly members: Readonly<Record<string, readonly string[]>>
}

/** A predictor file, and where its predictions end. */
export interface PredictorRow {
  readonly name: string
  readonly model: string
  readonly device: string
  readonly environment: Environment
  readonly spaces: readonly string[]
  readonly count: number
  readonly min: number
  readonly max: number
  /** Of the cross-validation. */
  readonly metrics: Metrics
  readonly settings: Readonly<Record<string, string>>
  readonly ranges: readonly RangeRow[]
  /** Records that it refused, by reason. */
  readonly refused: readonly { readonly reason: string; readonly count: number }[]
}

/** The range of a feature in the training set, and in the records of the report. */
export interface RangeRow {
  readonly feature: string
  readonly min: number
  readonly max: number
  readonly seen?: readonly [min: number, max: number]
  /** Records outside of the range. */
  readonly outside: number
}

/** Records that failed, by tool and code. */
export interface FailureRow {
  readonly tool: string
  readonly code: string
  readonly count: number
  readonly example: string
}

/** Spearman's rho of the latencies on two devices. */
export interface RankRow {
  readonly a: string
  readonly b: string
  readonly rho: number
  /** Networks that both measured. */
  readonly networks: number
}

/** The table of the report from which a plot takes its points. */
export type Source =
  'rows' | 'predictions' | 'visits' | 'differences' | 'kernels' | 'stages' | 'curves' | 'pairs'

export interface Plot {
  readonly id: string
  readonly title: string
  /** What the plot shows and how to read it. */
  readonly note: string
  readonly section: string
  readonly source: Source
  /** Fields of the point under the pointer; absent if the marks are no records. */
  readonly point?: { readonly x: string; readonly y: string }
  readonly spec: Spec
}

/** A Vega-Lite specification whose data is named `table`. */
export type Spec = Readonly<Record<string, unknown>>

export interface Report {
  readonly title: string
  readonly rows: readonly Row[]
  readonly predictions: readonly PredictionRow[]
  readonly visits: readonly VisitRow[]
  readonly differences: readonly DifferenceRow[]
  readonly kernels: readonly KernelRow[]
  readonly stages: readonly StageRow[]
  readonly curves: readonly CurveRow[]
  readonly accuracy: readonly AccuracyRow[]
  readonly agreement: readonly AgreementRow[]
  readonly ranks: readonly RankRow[]
  readonly environments: readonly EnvironmentRow[]
  readonly predictors: readonly PredictorRow[]
  readonly failures: readonly FailureRow[]
  readonly steps: readonly StepRow[]
  readonly plots: readonly Plot[]
}

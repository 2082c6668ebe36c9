import type { LetiRecord } from '@leti/records'

/** Latency and objective: less of the first and more of the second is better. */
export interface Point {
  readonly latency_ms: number
  readonly value: number
}

/** A network within the budget. */
export interface Judged extends Point {
  /** With its prediction. */
  readonly record: LetiRecord
  /** The latency that it was held to be below, ms; absent if it was measured. */
  readonly bound_ms?: number
}

/** Judges networks, in their order; `undefined` for those that are outside of the budget or have no value. */
export type Judge = (records: readonly LetiRecord[]) => Promise<readonly (Judged | undefined)[]>

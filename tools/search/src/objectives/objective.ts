import type { LetiRecord } from '@leti/records'

/** The networks that were looked at. */
export interface Looked {
  readonly count: number
  /** How many of them can have no value. */
  readonly unknown: number
  /** Whether there are no others. */
  readonly isAll: boolean
}

/** What a search maximizes. */
export interface Objective {
  readonly name: string
  /** Whether a value takes so long that a whole space is out of reach. */
  readonly isSlow: boolean
  /** The values of networks, in their order; `undefined` for one that has none. */
  valuesOf(
    records: readonly LetiRecord[],
  ): Promise<readonly (number | undefined)[]> | (number | undefined)[]
  /** Takes note of a network that was looked at, within the budget or not. Returns whether it can have a value. */
  readonly knows?: (record: LetiRecord) => boolean
  /** What a person should know of the networks that were looked at, if anything. */
  readonly summary?: (looked: Looked) => string | undefined
  /** Why none of the networks that were asked for has a value, if it knows. */
  readonly whyNone?: () => string | undefined
  close(): Promise<void> | void
}

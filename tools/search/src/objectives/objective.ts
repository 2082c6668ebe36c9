import type { LetiRecord } from '@leti/records'

/** What a search maximizes. */
export interface Objective {
  readonly name: string
  /** Whether a value takes so long that a whole space is out of reach. */
  readonly isSlow: boolean
  /** The values of networks, in their order; `undefined` for one that has none. */
  valuesOf(
    records: readonly LetiRecord[],
  ): Promise<readonly (number | undefined)[]> | (number | undefined)[]
  /** Why none of the networks that were asked for has a value, if it knows. */
  readonly whyNone?: () => string | undefined
  close(): Promise<void> | void
}

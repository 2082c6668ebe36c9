import { LetiError } from '@leti/records'
import type { Method, SearchSpaceName } from '@leti/search/names'

export interface SearchOptions {
  readonly files: readonly string[]
  /** The file of the predictor. */
  readonly predictor: string
  /** A runtime, or a file of fusion-probe. */
  readonly fusion?: string | undefined
  readonly 'budget-ms': number
  /** Largest share of the proposals that may exceed the budget. */
  readonly risk: number
  readonly space?: SearchSpaceName | undefined
  /** JSON of what differs from the published networks of the space. */
  readonly config?: string | undefined
  readonly method?: Method | undefined
  readonly evaluations: number
  readonly seed: number
  /** A name, or a command. */
  readonly objective?: string | undefined
  /** File of accuracies. */
  readonly accuracy?: string | undefined
  /** Seconds. */
  readonly timeout: number
  /** Number of proposals; absent for the front. */
  readonly best?: number | undefined
  /** A command. */
  readonly measure?: string | undefined
  /** File of measurements. */
  readonly measured?: string | undefined
  readonly measurements?: number | undefined
  readonly 'per-round'?: number | undefined
}

/** What --measure needs. */
export interface MeasuringOptions {
  readonly command: string
  readonly measured: string
  readonly measurements: number
  readonly perRound: number
}

/** Defaults of --measurements and --per-round. */
const MEASUREMENTS = 40
const PER_ROUND = 10

/**
 * @returns `undefined` without --measure
 * @throws {LetiError} `usage` if an option lacks what it needs
 */
export function measuringOptions(options: SearchOptions): MeasuringOptions | undefined {
  const { measure: command, measured, measurements, space, files } = options
  const { 'per-round': perRound } = options
  if (command === undefined) {
    const given = Object.entries({ measured, measurements, 'per-round': perRound })
    const [idle] = given.filter(([, value]) => value !== undefined)
    if (idle) throw new LetiError('usage', `--${idle[0]} requires --measure`)
    return undefined
  }
  if (measured === undefined) throw new LetiError('usage', '--measure requires --measured')
  if (space === undefined && (!files.length || files.includes('-'))) {
    const message = '--measure reads the networks in every round: name a file or a --space'
    throw new LetiError('usage', message)
  }
  return {
    command,
    measured,
    measurements: measurements ?? MEASUREMENTS,
    perRound: perRound ?? PER_ROUND,
  }
}

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
}

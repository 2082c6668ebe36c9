import { CONVERTERS, type FusionRules, type OperatorType } from '@leti/network'
import { isObject, LetiError } from '@leti/records'

const FORMAT = 'leti-fusion'
const VERSION = 1

/** A test of one pair of operators: times of each alone and of both, without the overhead of a call. */
export interface FusionTest {
  readonly first: string
  readonly second: string
  readonly first_ms: number
  readonly second_ms: number
  readonly both_ms: number
  /** Whether the second runs in the kernel of the first; null if the device was too noisy to tell. */
  readonly fused: boolean | null
}

/** The file that fusion-probe writes: which pairs of operators a device fuses. */
export interface FusionFile {
  readonly format: typeof FORMAT
  readonly version: typeof VERSION
  readonly device: string
  readonly runtime: string
  readonly backend: string
  /** A pair counts as fused if it saves this share of the quicker operator's time. */
  readonly alpha: number
  readonly pairs: readonly FusionTest[]
}

/** The first members of every such file. */
export const FUSION_HEAD = { format: FORMAT, version: VERSION } as const

/**
 * The fusion rules of a file of fusion-probe. For a pair without a verdict the rules of converters hold.
 *
 * @throws {LetiError} `usage` if the value is not such a file, or is damaged
 */
export function fusionRulesOf(value: unknown): FusionRules {
  if (!isObject(value) || value.format !== FORMAT || value.version !== VERSION) {
    throw new LetiError('usage', `not what fusion-probe writes: "format" must be "${FORMAT}"`)
  }
  if (!Array.isArray(value.pairs)) throw new LetiError('usage', '"pairs" must be a list')
  const rules = new Map([...CONVERTERS].map(([first, seconds]) => [first, new Set(seconds)]))
  value.pairs.forEach((pair: unknown, index) => {
    const { first, second, fused } = isObject(pair) ? pair : {}
    const isVerdict = typeof fused === 'boolean' || fused === null
    if (typeof first !== 'string' || typeof second !== 'string' || !isVerdict) {
      throw new LetiError('usage', `"pairs[${index}]" must have "first", "second" and "fused"`)
    }
    // Unknown operator types are harmless: they never match.
    const type = first as OperatorType
    const seconds = rules.get(type) ?? new Set()
    if (fused) rules.set(type, seconds.add(second as OperatorType))
    else if (fused === false) seconds.delete(second as OperatorType)
  })
  return rules
}

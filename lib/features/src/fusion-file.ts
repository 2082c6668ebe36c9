import { CONVERTERS, type FusionRules, type OperatorType } from '@leti/network'
import { isObject, LetiError } from '@leti/records'

const FORMAT = 'leti-fusion'
const VERSION = 1

/** How a pair of operators was tested: the times of each alone and of both, without a call's overhead. */
export interface FusionTest {
  readonly first: string
  readonly second: string
  readonly first_ms: number
  readonly second_ms: number
  readonly both_ms: number
  /** Whether the second runs in the kernel of the first; null where the device was too noisy to tell. */
  readonly fused: boolean | null
}

/** What was found out on a device about the pairs of operators that it fuses. */
export interface FusionFile {
  readonly format: typeof FORMAT
  readonly version: typeof VERSION
  readonly device: string
  readonly runtime: string
  readonly backend: string
  /** Share of the quicker one's time that must be saved. */
  readonly alpha: number
  readonly pairs: readonly FusionTest[]
}

/** The members that open every such file. */
export const FUSION_HEAD = { format: FORMAT, version: VERSION } as const

/**
 * The rules in a file that fusion-probe wrote. A pair that it does not decide is fused where every
 * converter does that.
 *
 * @throws {LetiError} `usage` where the value is no such file, or a damaged one
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
    // A type that no operator has never matches.
    const type = first as OperatorType
    const seconds = rules.get(type) ?? new Set()
    if (fused) rules.set(type, seconds.add(second as OperatorType))
    else if (fused === false) seconds.delete(second as OperatorType)
  })
  return rules
}

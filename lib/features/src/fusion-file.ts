import { CONVERTERS, type FusionRules, type OperatorType } from '@leti/network'
import { checked, visible, type Schema, type Static } from '@leti/records'

const FORMAT = 'leti-fusion'
const VERSION = 1

const TITLE = `what fusion-probe writes: a JSON object with the "format" "${FORMAT}"`

const TEST = {
  type: 'object',
  description: 'A test of one pair of operators. Times are without the overhead of a call.',
  required: ['first', 'second', 'fused'],
  properties: {
    first: { type: 'string', description: 'Type of the first operator.' },
    second: { type: 'string', description: 'Type of the operator that reads its output.' },
    first_ms: { type: 'number', description: 'Time of the first alone, ms.' },
    second_ms: { type: 'number', description: 'Time of the second alone, ms.' },
    both_ms: { type: 'number', description: 'Time of both, ms.' },
    fused: {
      type: ['boolean', 'null'],
      description:
        'Whether the second runs in the kernel of the first; null if the device was too noisy to tell.',
    },
  },
} as const satisfies Schema

const FUSION_FILE = {
  type: 'object',
  title: TITLE,
  description: 'The file that fusion-probe writes: which pairs of operators a device fuses.',
  required: ['format', 'version', 'pairs'],
  properties: {
    format: { enum: [FORMAT], title: `"${FORMAT}"` },
    version: { enum: [VERSION], title: `${VERSION}: no other version of the format is known` },
    device: { type: 'string', description: 'Name of the device.' },
    runtime: { type: 'string', description: 'Runtime that was tested.' },
    backend: { type: 'string', description: 'Backend that was tested.' },
    alpha: {
      type: 'number',
      description: "A pair counts as fused if it saves this share of the quicker operator's time.",
    },
    pairs: { type: 'array', items: TEST, description: 'The tests.' },
  },
} as const satisfies Schema

/** A test of one pair as fusion-probe writes it: complete. */
export type FusionTest = Required<Static<typeof TEST>>

/** The file as fusion-probe writes it: complete. */
export type FusionFile = Required<Static<typeof FUSION_FILE>> & { pairs: FusionTest[] }

/** The first members of every such file. */
const FUSION_HEAD = { format: FORMAT, version: VERSION } as const

/**
 * The text of a file. It is read back as featurize reads it, so that no file is written that featurize would
 * refuse.
 *
 * @throws {LetiError} `usage` if a number is not finite
 */
export function fusionText(file: Omit<FusionFile, keyof typeof FUSION_HEAD>): string {
  const text = JSON.stringify({ ...FUSION_HEAD, ...file }, undefined, 2)
  const written = text.split('\n').map(visible).join('\n')
  fusionRulesOf(JSON.parse(written))
  return written
}

/**
 * The fusion rules of a file of fusion-probe. For a pair without a verdict the rules of converters hold.
 *
 * @throws {LetiError} `usage` if the value is not such a file, or is damaged
 */
export function fusionRulesOf(value: unknown): FusionRules {
  const { pairs } = checked(value, FUSION_FILE, 'usage')
  const rules = new Map([...CONVERTERS].map(([first, seconds]) => [first, new Set(seconds)]))
  for (const { first, second, fused } of pairs) {
    // Unknown operator types are harmless: they never match.
    const type = first as OperatorType
    const seconds = rules.get(type) ?? new Set()
    if (fused) rules.set(type, seconds.add(second as OperatorType))
    else if (fused === false) seconds.delete(second as OperatorType)
  }
  return rules
}

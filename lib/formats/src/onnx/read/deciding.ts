import { scalarOf, type Constant } from '../../importer/constant.js'
import type { OnnxNode } from './node.js'
import type { ValueInfo } from './parse.js'

/** The input of one number that alone decides a condition. */
export interface Decision {
  readonly input: string
  /** A number that the file compares it with. */
  readonly number: number | undefined
}

/** Operators that read the shape of their input, but not its numbers. */
const OF_SHAPE = new Set(['Shape', 'Size'])

const COMPARISONS = /^(Equal|Greater|GreaterOrEqual|Less|LessOrEqual)$/

/**
 * Finds out what decides a condition.
 *
 * @param condition name of its tensor
 * @param producers the nodes, by the names of their outputs
 * @returns undefined if it depends on several inputs, or on one of several numbers
 */
export function decidingInput(
  condition: string,
  inputs: readonly ValueInfo[],
  producers: ReadonlyMap<string, OnnxNode>,
  constantOf: (name: string) => Constant | undefined,
): Decision | undefined {
  const byName = new Map(inputs.map((input) => [input.name, input]))
  const found = new Set<ValueInfo>()
  let number: number | undefined
  const seen = new Set([condition])
  for (const name of seen) {
    const input = byName.get(name)
    if (input) found.add(input)
    const node = producers.get(name)
    if (!node || OF_SHAPE.has(node.op)) continue
    for (const read of node.inputs) {
      const constant = constantOf(read)
      if (!constant && read !== '') seen.add(read)
      if (COMPARISONS.test(node.op)) number ??= scalarOf(constant)
    }
  }
  const [input, ...others] = found
  if (others.length > 0 || !isOneNumber(input)) return undefined
  return { input: input.name, number }
}

function isOneNumber(input: ValueInfo | undefined): input is ValueInfo {
  return input?.shape?.every((size) => size === 1 || size === -1) ?? false
}

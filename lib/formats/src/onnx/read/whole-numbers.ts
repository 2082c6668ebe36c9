import { DATA_TYPE } from '../schema.js'
import { isCastToFloat } from './constants.js'
import type { OnnxNode } from './node.js'
import type { OnnxModel } from './parse.js'

/** Types of floats. */
export const FLOATS: readonly number[] = [
  DATA_TYPE.float,
  DATA_TYPE.float16,
  DATA_TYPE.double,
  DATA_TYPE.bfloat16,
  DATA_TYPE.float8e4m3fn,
  DATA_TYPE.float8e4m3fnuz,
  DATA_TYPE.float8e5m2,
  DATA_TYPE.float8e5m2fnuz,
  DATA_TYPE.float8e8m0,
  DATA_TYPE.float4e2m1,
]

/** The tensors that operators compute from inputs of whole numbers, and from constants, without floats. */
export function wholeNumbers({ inputs, nodes, constants }: OnnxModel): ReadonlySet<string> {
  const whole = new Set(inputs.filter(({ type }) => !FLOATS.includes(type)).map(({ name }) => name))
  if (whole.size === 0) return whole
  const isWhole = ({ op, inputs: [first, ...others] }: OnnxNode): boolean => {
    if (!first || op === 'Gather') return whole.has(first)
    const tensors = [first, ...others]
    const isFloat = (name: string): boolean => constants.get(name)?.isFloat ?? false
    return tensors.some((name) => whole.has(name)) && !tensors.some(isFloat)
  }
  for (const node of nodes) {
    if (isCastToFloat(node) || !isWhole(node)) continue
    for (const name of node.outputs) whole.add(name)
  }
  return whole
}

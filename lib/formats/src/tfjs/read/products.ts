import { multiplied } from '../../importer/matrices.js'
import type { Call, NodeResult } from './call.js'
import { withFused } from './fused.js'

/** `MatMul`, `BatchMatMul` and their fused forms. */
export function matMul(call: Call): NodeResult {
  const { node, op } = call
  return withFused(call, multiplied(op, call.input(0), call.input(1), node.transposed()))
}

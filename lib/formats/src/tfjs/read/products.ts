import { einsum } from '../../importer/einsum.js'
import { multiplied } from '../../importer/matrices.js'
import type { Call, NodeResult, Readers } from './call.js'
import { withFused } from './fused.js'

export const PRODUCTS: Readers = [
  ['MatMul', matMul],
  ['_FusedMatMul', matMul],
  ['BatchMatMul', matMul],
  ['BatchMatMulV2', matMul],
  ['Einsum', ({ op, node, inputs }) => einsum(op, node.text('equation'), inputs)],
]

/** `MatMul`, `BatchMatMul` and their fused forms. */
function matMul(call: Call): NodeResult {
  const { node, op } = call
  return withFused(call, multiplied(op, call.input(0), call.input(1), node.transposed()))
}

import type { ElementwiseType } from '@leti/network'
import { ABSENT, type OperatorNames } from '../importer/operator-table.js'

/**
 * TensorFlow.js's operators for LETI's functions of one element. The reader and the writer both use
 * this table; the writer composes an absent function of others (write/composed.ts).
 */
export const FUNCTIONS = {
  relu: 'Relu',
  relu6: 'Relu6',
  relu_n1_to_1: ABSENT,
  elu: 'Elu',
  hard_swish: ABSENT,
  gelu: ABSENT,
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  softplus: 'Softplus',
  exp: 'Exp',
  log: 'Log',
  abs: 'Abs',
  neg: 'Neg',
  sign: 'Sign',
  floor: 'Floor',
  ceil: 'Ceil',
  round: 'Round',
  sin: 'Sin',
  cos: 'Cos',
  sqrt: 'Sqrt',
  rsqrt: 'Rsqrt',
} as const satisfies OperatorNames<ElementwiseType>

/** The functions that TensorFlow.js has no operator for. */
export type AbsentFunction = {
  [T in ElementwiseType]: (typeof FUNCTIONS)[T] extends typeof ABSENT ? T : never
}[ElementwiseType]

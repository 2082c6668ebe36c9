import type { ElementwiseType } from '@leti/network'
import { ABSENT, type OperatorNames } from '../importer/operator-table.js'
import type { BuiltinName } from './schema.js'

/**
 * TFLite's builtin operators for LETI's functions of one element. The reader and the writer both use
 * this table.
 */
export const FUNCTIONS = {
  relu: 'RELU',
  relu6: 'RELU6',
  relu_n1_to_1: 'RELU_N1_TO_1',
  elu: 'ELU',
  hard_swish: 'HARD_SWISH',
  gelu: 'GELU',
  sigmoid: 'LOGISTIC',
  tanh: 'TANH',
  softplus: ABSENT,
  exp: 'EXP',
  log: 'LOG',
  abs: 'ABS',
  neg: 'NEG',
  sign: 'SIGN',
  floor: 'FLOOR',
  ceil: 'CEIL',
  round: 'ROUND',
  sin: 'SIN',
  cos: 'COS',
  sqrt: 'SQRT',
  rsqrt: 'RSQRT',
} as const satisfies OperatorNames<ElementwiseType> &
  Record<ElementwiseType, BuiltinName | typeof ABSENT>

/** The builtin operators that compute a function of one element. */
export type FunctionName = Exclude<(typeof FUNCTIONS)[ElementwiseType], typeof ABSENT>

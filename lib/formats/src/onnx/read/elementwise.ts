import type { ElementwiseType } from '@leti/network'
import { ABSENT } from '../../importer/operator-table.js'
import type { Call, NodeReader, NodeResult } from './call.js'

interface OnnxFunction {
  readonly operator: string
  /** Whether the attributes of a node make it LETI's function; always if absent. */
  readonly isSame?: (call: Call) => boolean
}

/** ONNX's operators for LETI's functions of one element. */
export const FUNCTIONS: Readonly<Record<ElementwiseType, OnnxFunction | typeof ABSENT>> = {
  relu: { operator: 'Relu' },
  // Exporters write Clip.
  relu6: ABSENT,
  relu_n1_to_1: ABSENT,
  elu: { operator: 'Elu', isSame: (call) => call.float('alpha', 1) === 1 },
  hard_swish: { operator: 'HardSwish' },
  gelu: { operator: 'Gelu', isSame: (call) => call.text('approximate', 'none') === 'none' },
  sigmoid: { operator: 'Sigmoid' },
  tanh: { operator: 'Tanh' },
  softplus: { operator: 'Softplus' },
  exp: { operator: 'Exp' },
  log: { operator: 'Log' },
  abs: { operator: 'Abs' },
  neg: { operator: 'Neg' },
  sign: { operator: 'Sign' },
  floor: { operator: 'Floor' },
  ceil: { operator: 'Ceil' },
  round: { operator: 'Round' },
  sin: { operator: 'Sin' },
  cos: { operator: 'Cos' },
  sqrt: { operator: 'Sqrt' },
  // Exporters write Sqrt and a division.
  rsqrt: ABSENT,
}

const TYPES = Object.keys(FUNCTIONS) as ElementwiseType[]

/** Readers of the operators that compute a function of one element. */
export const ELEMENTWISE: readonly (readonly [string, NodeReader])[] = TYPES.flatMap((type) => {
  const known = FUNCTIONS[type]
  return known ? [[known.operator, (call: Call) => elementwise(call, type, known)]] : []
})

function elementwise(call: Call, type: ElementwiseType, { isSame }: OnnxFunction): NodeResult {
  if (isSame && !isSame(call)) return undefined
  return call.like(call.op.elementwise(type, call.input(0).value))
}

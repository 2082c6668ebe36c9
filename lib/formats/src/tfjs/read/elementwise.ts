import type { ElementwiseType } from '@leti/network'
import { ABSENT, readersByName, type OperatorNames } from '../../importer/operator-table.js'
import type { Call, NodeReader } from './call.js'

/** TensorFlow's operators for LETI's functions of one element. */
const FUNCTIONS: OperatorNames<ElementwiseType> = {
  relu: 'Relu',
  relu6: 'Relu6',
  // Converters write ClipByValue.
  relu_n1_to_1: ABSENT,
  elu: 'Elu',
  // Converters write its parts.
  hard_swish: ABSENT,
  // No operator of TensorFlow's, but a function of Keras (keras/activations.ts).
  gelu: 'Gelu',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  rsqrt: 'Rsqrt',
}

/** Readers of the operators that compute a function of one element. */
export const ELEMENTWISE: readonly (readonly [string, NodeReader])[] = readersByName(
  FUNCTIONS,
  (type) => (call: Call) => call.op.elementwise(type, call.input(0)),
)

import type { ElementwiseType } from '@leti/network'
import { readersByName } from '../../importer/operator-table.js'
import { FUNCTIONS } from '../elementwise.js'
import type { Call, NodeReader } from './call.js'

const readerOf =
  (type: ElementwiseType): NodeReader =>
  (call: Call) =>
    call.op.elementwise(type, call.input(0))

/** Readers of the operators that compute a function of one element. */
export const ELEMENTWISE: readonly (readonly [string, NodeReader])[] = [
  ...readersByName<ElementwiseType, NodeReader>(FUNCTIONS, readerOf),
  // Not an operator of TensorFlow, but the name of a Keras activation function (keras/activations.ts).
  ['Gelu', readerOf('gelu')],
]

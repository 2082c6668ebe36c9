import { logSoftmax } from '../../importer/composed.js'
import type { ReductionType } from '../../importer/operation.js'
import type { Call, NodeReader, NodeResult, Readers } from './call.js'

// Operators that combine the elements along axes.

export const REDUCTIONS: Readers = [
  ['Softmax', softmax],
  ['LogSoftmax', ({ op, inputs: [input] }) => logSoftmax(op, input, -1)],
  ['Mean', reduction('mean')],
  ['Sum', reduction('reduce_sum')],
  ['Max', reduction('reduce_max')],
  ['Min', reduction('reduce_min')],
]

function reduction(type: ReductionType): NodeReader {
  return (call) => {
    const axes = call.numbers(1)
    return axes && call.op.reduced(type, call.input(0), axes, call.node.flag('keep_dims'))
  }
}

function softmax(call: Call): NodeResult {
  return call.op.softmax(call.input(0), call.node.number('axis', -1))
}

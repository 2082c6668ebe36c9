import type { ReductionType } from '../../importer/operation.js'
import type { Call, NodeReader, NodeResult } from './call.js'

// Operators that combine the elements along axes.

export function reduction(type: ReductionType): NodeReader {
  return (call) => {
    const axes = call.numbers(1)
    return axes && call.op.reduced(type, call.input(0), axes, call.node.flag('keep_dims'))
  }
}

export function softmax(call: Call): NodeResult {
  return call.op.softmax(call.input(0), call.node.number('axis', -1))
}

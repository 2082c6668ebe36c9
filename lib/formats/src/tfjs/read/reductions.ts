import type { Call, NodeResult } from './call.js'

// Operators that combine the elements along axes.

export function mean(call: Call): NodeResult {
  const axes = call.numbers(1)
  return axes && call.op.mean(call.input(0), axes, call.node.flag('keep_dims'))
}

export function softmax(call: Call): NodeResult {
  return call.op.softmax(call.input(0), call.node.number('axis', -1))
}

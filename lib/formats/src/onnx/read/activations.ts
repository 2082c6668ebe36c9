import { scalarConstant } from '../../importer/constant.js'
import type { Operation, Result } from '../../importer/operation.js'
import type { Value } from '../../importer/value.js'
import type { Call, NodeReader, Readers } from './call.js'

// Activation functions that are composed of LETI's operators.

export const ACTIVATIONS: Readers = [
  ['Selu', composed(selu)],
  ['Celu', composed(celu)],
  ['Elu', composed(elu)],
  ['Mish', composed(mish)],
  ['Softsign', composed(softsign)],
  ['com.microsoft.QuickGelu', composed(quickGelu)],
]

type Compose = (op: Operation, x: Value, call: Call) => Result

function composed(compose: Compose): NodeReader {
  return (call) => call.like(compose(call.op, call.input(0).value, call))
}

/** Constants of the operator's definition. */
const SELU = { alpha: 1.67326319217681884765625, gamma: 1.05070102214813232421875 }

function selu(op: Operation, x: Value, call: Call): Result {
  const gamma = call.float('gamma', SELU.gamma)
  const unit = curved(op.named('unit'), x, call.float('alpha', SELU.alpha), 1)
  return unit && times(op, unit, gamma)
}

function celu(op: Operation, x: Value, call: Call): Result {
  const alpha = call.float('alpha', 1)
  return curved(op, x, alpha, 1 / alpha)
}

function elu(op: Operation, x: Value, call: Call): Result {
  const alpha = call.float('alpha', 1)
  return alpha === 1 ? op.elementwise('elu', x) : curved(op, x, alpha, 1)
}

/** `x` above zero, and `factor * (exp(x * scale) - 1)` below it. */
function curved(op: Operation, x: Value, factor: number, scale: number): Result {
  const above = op.named('above').limited(x, 0, Infinity)
  const below = op.named('below').limited(x, -Infinity, 0)
  const scaled = below && times(op.named('scaled'), below, scale)
  const curve = scaled && op.named('curve').elementwise('elu', scaled)
  const weighted = curve && times(op.named('weighted'), curve, factor)
  return above && weighted && op.binary('add', above, weighted)
}

function mish(op: Operation, x: Value): Result {
  const soft = op.named('softplus').elementwise('softplus', x)
  const gate = soft && op.named('gate').elementwise('tanh', soft)
  return gate && op.binary('mul', x, gate)
}

function softsign(op: Operation, x: Value): Result {
  const size = op.named('abs').elementwise('abs', x)
  const divisor = size && op.named('divisor').binary('add', size, scalarConstant(1))
  return divisor && op.binary('div', x, divisor)
}

function quickGelu(op: Operation, x: Value, call: Call): Result {
  const scaled = times(op.named('scaled'), x, call.float('alpha', 1.702))
  const gate = scaled && op.named('gate').elementwise('sigmoid', scaled)
  return gate && op.binary('mul', x, gate)
}

function times(op: Operation, value: Value, factor: number): Result {
  return factor === 1 ? value : op.binary('mul', value, scalarConstant(factor))
}

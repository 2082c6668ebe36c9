import { isConstant } from '../../importer/value.js'
import type { Call, NodeReader, NodeResult, Readers } from './call.js'
import { OrderedTensor } from './ordered-tensor.js'

// Truth values of constants: exporters decide branches and shapes by them. LETI has no operator that computes them.

export const COMPARISONS: Readers = [
  ['Equal', paired((a, b) => a === b)],
  ['Greater', paired((a, b) => a > b)],
  ['GreaterOrEqual', paired((a, b) => a >= b)],
  ['Less', paired((a, b) => a < b)],
  ['LessOrEqual', paired((a, b) => a <= b)],
  ['And', paired((a, b) => a !== 0 && b !== 0)],
  ['Or', paired((a, b) => a !== 0 || b !== 0)],
  ['Xor', paired((a, b) => (a !== 0) !== (b !== 0))],
  ['Not', not],
  ['Where', where],
]

function paired(holds: (a: number, b: number) => boolean): NodeReader {
  return (call) => {
    const [a, b] = [call.constant(0), call.constant(1)]
    const join = (x: number, y: number): number => Number(holds(x, y))
    const result = a && b && call.op.folding.paired(a, b, join, false)
    return result && new OrderedTensor(result)
  }
}

function not(call: Call): NodeResult {
  const input = call.constant(0)
  const result = input && call.op.folding.mapped(input, (value) => Number(value === 0), false)
  return result && new OrderedTensor(result)
}

function where(call: Call): NodeResult {
  const { folding } = call.op
  const [condition, a, b] = call.inputs.map((input) => input?.value)
  if (!isConstant(condition) || !isConstant(a) || !isConstant(b)) return undefined
  const chosen = folding.paired(condition, a, (of, value) => (of === 0 ? 0 : value), a.isFloat)
  const other = folding.paired(condition, b, (of, value) => (of === 0 ? value : 0), a.isFloat)
  const result = chosen && other && folding.paired(chosen, other, (x, y) => x + y)
  return result && new OrderedTensor(result)
}

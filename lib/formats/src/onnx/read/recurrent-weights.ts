import { sameShape } from '@leti/network'
import type { Constant } from '../../importer/constant.js'
import { sure, type Layer } from '../../importer/recurrent/terms.js'
import type { Call } from './call.js'
import { transposedMatrix } from './products.js'

/** The weights of one direction of a recurrent operator. */
export interface CellWeights {
  readonly units: number
  readonly input: Layer
  readonly recurrent: Layer
  /** Some columns of the recurrent weights. */
  readonly columns: (first: number, count: number) => Layer
  /** The weights `[1, 1, units]` with which the gates of an LSTM see its memory; absent for a plain one. */
  readonly peepholes: readonly Constant[] | undefined
}

/** Place of the input, and how many of an LSTM's gates it is for. */
const PEEPHOLES = 7
const PEEPING_GATES = 3

/**
 * The stored weights of a direction: inputs 1 to 3 of the operator.
 *
 * @param gates of the cell
 * @returns undefined if the network computes them, or they do not fit
 */
export function cellWeights(call: Call, gates: number, direction: number): CellWeights | undefined {
  const { folding } = call.op
  const input = matrix(call, 1, direction)
  const recurrent = matrix(call, 2, direction)
  const biases = call.constant(3)
  const [units = 0, size] = recurrent?.shape ?? []
  if (!input || !recurrent || size !== gates * units || input.shape[1] !== size) return undefined
  if (call.has(3) && !sameShape(biases?.shape.slice(1) ?? [], [2 * size])) return undefined
  const peepholes = peepholesOf(call, direction, units)
  if (call.has(PEEPHOLES) && !peepholes) return undefined
  const bias = (first: number, count = size): Constant | undefined => {
    const row = biases && sure(folding.sliced(biases, [direction, first], [1, count], [1, 1]))
    return row && folding.reshaped(row, [count])
  }
  const columns = (first: number, count: number): Layer => ({
    filter: sure(folding.sliced(recurrent, [0, first], [units, count], [1, 1])),
    bias: bias(size + first, count),
  })
  return {
    units,
    input: { filter: input, bias: bias(0) },
    recurrent: { filter: recurrent, bias: bias(size) },
    columns,
    peepholes,
  }
}

function peepholesOf(call: Call, direction: number, units: number): Constant[] | undefined {
  const { folding } = call.op
  const all = call.constant(PEEPHOLES)
  if (all?.shape.length !== 2 || all.shape[1] !== PEEPING_GATES * units) return undefined
  return Array.from({ length: PEEPING_GATES }, (_, gate) => {
    const own = sure(folding.sliced(all, [direction, gate * units], [1, units], [1, 1]))
    return sure(folding.reshaped(own, [1, 1, units]))
  })
}

/** A matrix of all gates in LETI's layout, `[inputs, gates * units]`. */
function matrix(call: Call, index: number, direction: number): Constant | undefined {
  const all = call.constant(index)
  if (all?.shape.length !== 3) return undefined
  const { folding } = call.op
  const [, rows, columns] = all.shape
  const own = folding.sliced(all, [direction, 0, 0], [1, rows, columns], [1, 1, 1])
  const plain = own && folding.reshaped(own, [rows, columns])
  return plain && transposedMatrix(plain)
}

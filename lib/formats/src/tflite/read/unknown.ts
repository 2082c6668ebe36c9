import { broadcast, type Shape } from '@leti/network'
import { unknownShape } from '../../importer/errors.js'
import { reduction } from '../../importer/unknown-shapes.js'
import type { Call } from './call.js'

// Output shapes of unknown operators. The file states them, unless an input was resized.

/** Operators whose output has the shape to which their inputs are broadcast. */
const ELEMENTWISE = new Set(
  `ABS CEIL COS ELU EXP FLOOR GELU HARD_SWISH LEAKY_RELU LOG LOGISTIC LOG_SOFTMAX NEG PRELU RELU
  RELU6 RELU_0_TO_1 RELU_N1_TO_1 ROUND RSQRT SIGN SIN SOFTMAX SQRT SQUARE TANH L2_NORMALIZATION
  ADD ADD_N DIV FLOOR_DIV FLOOR_MOD MAXIMUM MINIMUM MUL POW SQUARED_DIFFERENCE SUB
  EQUAL GREATER GREATER_EQUAL LESS LESS_EQUAL NOT_EQUAL LOGICAL_AND LOGICAL_NOT LOGICAL_OR
  SELECT_V2`.split(/\s+/),
)

/**
 * The shapes of all outputs, with the batch.
 *
 * @throws {LetiError} `unsupported` if the shape of an output is not known
 */
export function unknownShapes(call: Call): readonly Shape[] {
  return call.outputShapes.map((said, output) => {
    const shape = said ?? (output === 0 ? inferredShape(call) : undefined)
    if (shape) return shape
    throw unknownShape(call.node.name)
  })
}

function inferredShape(call: Call): Shape | undefined {
  const { node, present } = call
  if (node.isCustom || present.length === 0) return undefined
  if (ELEMENTWISE.has(node.name)) return broadcast(present.map(({ shape }) => shape))
  const isReduction = node.name === 'SUM' || node.name.startsWith('REDUCE_')
  const axes = isReduction ? call.numbers(1) : undefined
  return axes && reduction(present[0].shape, axes, call.options.keep_dims === 1)
}

import { broadcast, type Shape } from '@leti/network'
import { unknownShape } from '../../importer/errors.js'
import { axisOf } from '../../importer/shapes.js'
import { gatheredShape, reduction } from '../../importer/unknown-shapes.js'
import type { Call } from './call.js'

// Output shapes of unknown operators. The file states them, unless an input was resized.

/** Operators whose output has the shape to which their inputs are broadcast. */
const ELEMENTWISE = new Set(
  `ABS CEIL COS ELU EXP FLOOR GELU HARD_SWISH LEAKY_RELU LOG LOGISTIC LOG_SOFTMAX NEG PRELU RELU
  RELU6 RELU_0_TO_1 RELU_N1_TO_1 ROUND RSQRT SIGN SIN SOFTMAX SQRT SQUARE TANH L2_NORMALIZATION
  ADD ADD_N DIV FLOOR_DIV FLOOR_MOD MAXIMUM MINIMUM MUL POW SQUARED_DIFFERENCE SUB
  EQUAL GREATER GREATER_EQUAL LESS LESS_EQUAL NOT_EQUAL LOGICAL_AND LOGICAL_NOT LOGICAL_OR
  SELECT SELECT_V2 ATAN2`.split(/\s+/),
)

/** Operators whose output has the shape of the first input. */
const SAME = new Set(
  `CAST CUMSUM REVERSE_V2 REVERSE_SEQUENCE COMPLEX_ABS REAL IMAG ZEROS_LIKE DEQUANTIZE QUANTIZE
  FAKE_QUANT LOCAL_RESPONSE_NORMALIZATION`.split(/\s+/),
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
  const [{ shape: first }] = present
  if (SAME.has(node.name)) return first
  if (ELEMENTWISE.has(node.name)) return broadcast(present.map(({ shape }) => shape))
  const isReduction = node.name === 'SUM' || node.name.startsWith('REDUCE_')
  const axes = isReduction ? call.numbers(1) : undefined
  if (axes) return reduction(first, axes, call.options.keep_dims === 1)
  return OTHERS.get(node.name)?.(call, first)
}

/** Operators with a rule of their own. */
const OTHERS: ReadonlyMap<string, (call: Call, input: Shape) => Shape | undefined> = new Map([
  ['GATHER', gathered],
  ['GATHER_ND', (call: Call, input: Shape) => gatheredShape(input, call.input(1).shape)],
  ['TILE', tiled],
  ['BROADCAST_TO', (call: Call) => call.numbers(1)],
  ['FILL', (call: Call) => call.numbers(0)],
  ['MIRROR_PAD', padded],
  ['PAD', padded],
  ['PADV2', padded],
  ['ARG_MAX', (call: Call, input: Shape) => reduction(input, call.numbers(1), false)],
  ['ARG_MIN', (call: Call, input: Shape) => reduction(input, call.numbers(1), false)],
  ['RFFT2D', transformed],
])

function gathered(call: Call, input: Shape): Shape | undefined {
  const { shape } = call.input(1)
  const axis = axisOf(call.options.axis, input.length)
  const batchDims = call.options.batch_dims
  if (axis === undefined || batchDims < 0 || batchDims > axis) return undefined
  return input.toSpliced(axis, 1, ...shape.slice(batchDims))
}

function tiled(call: Call, input: Shape): Shape | undefined {
  const repeats = call.numbers(1)
  if (repeats?.length !== input.length) return undefined
  return input.map((size, axis) => size * repeats[axis])
}

function padded(call: Call, input: Shape): Shape | undefined {
  const counts = call.numbers(1)
  if (counts?.length !== 2 * input.length) return undefined
  return input.map((size, axis) => size + counts[2 * axis] + counts[2 * axis + 1])
}

/** A real Fourier transform keeps half of the frequencies of the last axis. */
function transformed(call: Call, input: Shape): Shape | undefined {
  const lengths = call.numbers(1)
  if (lengths?.length !== 2 || input.length < 2) return undefined
  return [...input.slice(0, -2), lengths[0], Math.floor(lengths[1] / 2) + 1]
}

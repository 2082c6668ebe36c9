import { ACTIVATIONS } from './activations.js'
import { ARITHMETIC } from './arithmetic.js'
import { ATTENTION } from './attention.js'
import { BLOCK_QUANTIZED } from './block-quantized.js'
import type { Call, NodeReader, NodeResult } from './call.js'
import { COMPARISONS } from './comparisons.js'
import { CONSTANTS } from './constants.js'
import { CONVOLUTIONS } from './convolutions.js'
import { COPIES } from './copies.js'
import { ELEMENTWISE } from './elementwise.js'
import { FUSED } from './fused.js'
import { IMAGES } from './images.js'
import { NORMS } from './norms.js'
import { PADDING } from './padding.js'
import { POOLING } from './pooling.js'
import { PRODUCTS } from './products.js'
import { QUANTIZED } from './quantized.js'
import { QUANTIZED_RECURRENT } from './quantized-recurrent.js'
import { RECURRENT } from './recurrent.js'
import { REDUCTIONS } from './reductions.js'
import { SHAPES } from './shapes.js'
import { SLICES } from './slices.js'
import { TRANSFORMERS } from './transformers.js'

const unchanged: NodeReader = (call) => call.input(0)

/** Without effect, unless the file trains. */
function dropout(call: Call): NodeResult {
  const isTrained = call.has(2) && call.scalar(2, 0) !== 0
  return isTrained ? undefined : call.input(0)
}

/**
 * How each operator of ONNX is read. An operator that is missing here is kept as unknown.
 * Operators: https://onnx.ai/onnx/operators/
 */
export const READERS: ReadonlyMap<string, NodeReader> = new Map<string, NodeReader>([
  ...ELEMENTWISE,
  // After the elementwise functions: `Elu` stands in both.
  ...ACTIVATIONS,
  ...ARITHMETIC,
  ...ATTENTION,
  ...BLOCK_QUANTIZED,
  ...COMPARISONS,
  ...CONSTANTS,
  ...CONVOLUTIONS,
  ...COPIES,
  ...FUSED,
  ...IMAGES,
  ...NORMS,
  ...PADDING,
  ...POOLING,
  ...PRODUCTS,
  ...QUANTIZED,
  ...QUANTIZED_RECURRENT,
  ...RECURRENT,
  ...REDUCTIONS,
  ...SHAPES,
  ...SLICES,
  ...TRANSFORMERS,
  ['Identity', unchanged],
  ['Dropout', dropout],
])

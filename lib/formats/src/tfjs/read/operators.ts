import { ARITHMETIC } from './arithmetic.js'
import type { NodeReader } from './call.js'
import { CONSTANTS } from './constants.js'
import { CONVOLUTIONS } from './convolutions.js'
import { ELEMENTWISE } from './elementwise.js'
import { IMAGES } from './images.js'
import { NORMS } from './norms.js'
import { POOLING } from './pooling.js'
import { PRODUCTS } from './products.js'
import { REDUCTIONS } from './reductions.js'
import { SHAPES } from './shapes.js'
import { SLICES } from './slices.js'

const unchanged: NodeReader = (call) => call.input(0)

/**
 * How each operator of TensorFlow is read. An operator that is missing here is kept as unknown.
 * Operators: https://www.tensorflow.org/api_docs/python/tf/raw_ops
 */
export const READERS: ReadonlyMap<string, NodeReader> = new Map<string, NodeReader>([
  ...ELEMENTWISE,
  ...ARITHMETIC,
  ...CONSTANTS,
  ...CONVOLUTIONS,
  ...IMAGES,
  ...NORMS,
  ...POOLING,
  ...PRODUCTS,
  ...REDUCTIONS,
  ...SHAPES,
  ...SLICES,
  ['Identity', unchanged],
  ['IdentityN', ({ inputs }) => inputs],
  ['StopGradient', unchanged],
])

import type { BuiltinName } from '../schema.js'
import {
  concat,
  expandDims,
  mean,
  pack,
  pad,
  padWith,
  reshape,
  slice,
  split,
  splitV,
  squeeze,
  stridedSlice,
  transpose,
  unpack,
} from './axes.js'
import type { OperatorReader } from './call.js'
import {
  broadcastTo,
  cast,
  densify,
  fill,
  gather,
  product,
  range,
  rankOf,
  sameNumbers,
  shapeOf,
  tile,
} from './constant-operators.js'
import {
  batchMatmul,
  conv2d,
  depthwiseConv2d,
  fullyConnected,
  pooling,
  transposeConv,
  transposeConvBias,
} from './convolutions.js'
import {
  binary,
  elementwise,
  folded,
  gelu,
  leakyRelu,
  limit,
  power,
  prelu,
  quotient,
  softmax,
  squaredDifference,
} from './elementwise.js'
import { depthToSpace, resize } from './images.js'

/** How each builtin operator of the schema that LETI knows is read. */
export const READERS: Readonly<Record<BuiltinName, OperatorReader>> = {
  CONV_2D: conv2d,
  DEPTHWISE_CONV_2D: depthwiseConv2d,
  TRANSPOSE_CONV: transposeConv,
  FULLY_CONNECTED: fullyConnected,
  BATCH_MATMUL: batchMatmul,
  MAX_POOL_2D: pooling('max_pool'),
  AVERAGE_POOL_2D: pooling('avg_pool'),

  RELU: elementwise('relu'),
  RELU6: elementwise('relu6'),
  RELU_N1_TO_1: elementwise('relu_n1_to_1'),
  ELU: elementwise('elu'),
  HARD_SWISH: elementwise('hard_swish'),
  LOGISTIC: elementwise('sigmoid'),
  TANH: elementwise('tanh'),
  GELU: gelu,
  LEAKY_RELU: leakyRelu,
  PRELU: prelu,
  SOFTMAX: softmax,
  RSQRT: ({ op, input }) => op.inverseRoot(input(0)),
  SQRT: ({ op, input }) => op.root(input(0)),
  SQUARE: ({ op, input }) => op.power(input(0), 2),
  POW: power,
  ABS: folded(Math.abs),
  CEIL: folded(Math.ceil),
  EXP: folded(Math.exp),
  FLOOR: folded(Math.floor),
  LOG: folded(Math.log),
  NEG: folded((value) => -value),

  ADD: binary('add'),
  SUB: binary('sub'),
  MUL: binary('mul'),
  DIV: binary('div'),
  FLOOR_DIV: (call) => quotient(call, Math.floor),
  ADD_N: (call) => call.op.sum(call.all()),
  MINIMUM: limit('minimum'),
  MAXIMUM: limit('maximum'),
  SQUARED_DIFFERENCE: squaredDifference,

  MEAN: mean,
  REDUCE_PROD: product,
  CONCATENATION: concat,
  PACK: pack,
  UNPACK: unpack,
  SPLIT: split,
  SPLIT_V: splitV,
  SLICE: slice,
  STRIDED_SLICE: stridedSlice,
  PAD: pad,
  PADV2: padWith,
  RESHAPE: reshape,
  EXPAND_DIMS: expandDims,
  SQUEEZE: squeeze,
  TRANSPOSE: transpose,
  RESIZE_BILINEAR: resize('resize_bilinear'),
  RESIZE_NEAREST_NEIGHBOR: resize('resize_nearest'),
  DEPTH_TO_SPACE: depthToSpace,

  DENSIFY: densify,
  DEQUANTIZE: sameNumbers,
  QUANTIZE: sameNumbers,
  CAST: cast,
  SHAPE: shapeOf,
  RANK: rankOf,
  GATHER: gather,
  FILL: fill,
  BROADCAST_TO: broadcastTo,
  TILE: tile,
  RANGE: range,
}

/** How custom operators, which are not in the schema, are read. */
const CUSTOM_READERS: ReadonlyMap<string, OperatorReader> = new Map([
  ['Convolution2DTransposeBias', transposeConvBias],
])

/** @returns undefined if LETI does not know the operator */
export function readerOf(operator: {
  readonly name: string
  readonly isCustom: boolean
}): OperatorReader | undefined {
  const { name, isCustom } = operator
  if (isCustom) return CUSTOM_READERS.get(name)
  return Object.hasOwn(READERS, name) ? READERS[name as BuiltinName] : undefined
}

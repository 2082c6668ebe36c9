import type { BuiltinName } from '../schema.js'
import {
  concat,
  expandDims,
  pack,
  pad,
  padWith,
  reduction,
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
  ELEMENTWISE,
  leakyRelu,
  limit,
  onConstants,
  power,
  prelu,
  quotient,
  softmax,
  squaredDifference,
  type ByTable,
} from './elementwise.js'
import { depthToSpace, resize } from './images.js'
import type { ParsedOperator } from './parse.js'

/** Readers of the builtin operators of the schema, except those in the tables of `elementwise.ts`. */
const BUILTIN_READERS: Readonly<Record<Exclude<BuiltinName, ByTable>, OperatorReader>> = {
  CONV_2D: conv2d,
  DEPTHWISE_CONV_2D: depthwiseConv2d,
  TRANSPOSE_CONV: transposeConv,
  FULLY_CONNECTED: fullyConnected,
  BATCH_MATMUL: batchMatmul,
  MAX_POOL_2D: pooling('max_pool'),
  AVERAGE_POOL_2D: pooling('avg_pool'),

  LEAKY_RELU: leakyRelu,
  PRELU: prelu,
  SOFTMAX: softmax,
  SQUARE: ({ op, input }) => op.power(input(0), 2),
  POW: power,
  CEIL: onConstants(Math.ceil),
  FLOOR: onConstants(Math.floor),

  FLOOR_DIV: (call) => quotient(call, Math.floor),
  ADD_N: (call) => call.op.sum(call.all()),
  MINIMUM: limit('minimum'),
  MAXIMUM: limit('maximum'),
  SQUARED_DIFFERENCE: squaredDifference,

  MEAN: reduction('mean'),
  REDUCE_MAX: reduction('reduce_max'),
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

const READERS: ReadonlyMap<string, OperatorReader> = new Map([
  ...ELEMENTWISE,
  ...Object.entries(BUILTIN_READERS),
])

/** Readers of custom operators, by the names that files give them. */
const CUSTOM_READERS: ReadonlyMap<string, OperatorReader> = new Map([
  ['Convolution2DTransposeBias', transposeConvBias],
])

/** @returns undefined if LETI does not know the operator */
export function readerOf({ name, isCustom }: ParsedOperator): OperatorReader | undefined {
  return (isCustom ? CUSTOM_READERS : READERS).get(name)
}

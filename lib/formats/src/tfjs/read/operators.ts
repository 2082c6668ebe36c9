import {
  ARITHMETIC,
  biasAdd,
  clipByValue,
  leakyRelu,
  maximum,
  minimum,
  power,
  prelu,
  square,
  squaredDifference,
  sum,
} from './arithmetic.js'
import type { NodeReader } from './call.js'
import { cast, fill, gather, onConstants, product, range, shapeOf } from './constants.js'
import { conv2d, depthwiseConv2d, transposedConv2d } from './convolutions.js'
import { ELEMENTWISE } from './elementwise.js'
import { depthToSpace, resizeBilinear, resizeNearest } from './images.js'
import { batchNorm } from './norms.js'
import { averagePool, maxPool } from './pooling.js'
import { matMul } from './products.js'
import { reduction, softmax } from './reductions.js'
import { expandDims, reshape, squeeze, transpose } from './shapes.js'
import { concat, pack, pad, slice, split, splitByLengths, unpack } from './slices.js'
import { stridedSlice } from './strided-slice.js'

const unchanged: NodeReader = (call) => call.input(0)

/**
 * How each operator of TensorFlow is read. An operator that is missing here is kept as unknown.
 * Operators: https://www.tensorflow.org/api_docs/python/tf/raw_ops
 */
export const READERS: ReadonlyMap<string, NodeReader> = new Map<string, NodeReader>([
  ...ELEMENTWISE,
  // LETI applies these to constants only.
  ['Floor', onConstants(Math.floor)],
  ['Ceil', onConstants(Math.ceil)],
  ['LeakyRelu', leakyRelu],
  ['Prelu', prelu],
  ['ClipByValue', clipByValue],
  ['Maximum', maximum],
  ['Minimum', minimum],
  ['Softmax', softmax],

  ...ARITHMETIC,
  ['AddN', sum],
  ['BiasAdd', biasAdd],
  ['Pow', power],
  ['Square', square],
  ['SquaredDifference', squaredDifference],

  ['Conv2D', conv2d],
  ['_FusedConv2D', conv2d],
  ['DepthwiseConv2dNative', depthwiseConv2d],
  ['FusedDepthwiseConv2dNative', depthwiseConv2d],
  ['Conv2DBackpropInput', transposedConv2d],
  ['MatMul', matMul],
  ['_FusedMatMul', matMul],
  ['BatchMatMul', matMul],
  ['BatchMatMulV2', matMul],
  ['FusedBatchNorm', batchNorm],
  ['FusedBatchNormV2', batchNorm],
  ['FusedBatchNormV3', batchNorm],

  ['MaxPool', maxPool],
  ['AvgPool', averagePool],
  ['Mean', reduction('mean')],
  ['Max', reduction('reduce_max')],
  ['ResizeBilinear', resizeBilinear],
  ['ResizeNearestNeighbor', resizeNearest],
  ['DepthToSpace', depthToSpace],

  ['ConcatV2', concat],
  ['Pack', pack],
  ['Split', split],
  ['SplitV', splitByLengths],
  ['Unpack', unpack],
  ['Slice', slice],
  ['StridedSlice', stridedSlice],
  ['Pad', pad],
  ['PadV2', pad],
  ['Reshape', reshape],
  ['ExpandDims', expandDims],
  ['Squeeze', squeeze],
  ['Transpose', transpose],
  ['Identity', unchanged],
  ['StopGradient', unchanged],

  ['Cast', cast],
  ['Shape', shapeOf],
  ['GatherV2', gather],
  ['Fill', fill],
  ['Range', range],
  ['Prod', product],
])

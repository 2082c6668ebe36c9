import { isConstant } from '../../importer/activation.js'
import { scalarOf } from '../../importer/constant.js'
import { productOf } from '../../importer/constants.js'
import { depthToSpace, resize as resized } from '../../importer/images.js'
import {
  concat,
  expandDims,
  fill,
  gather,
  mean,
  pack,
  pad,
  range,
  reshape,
  shapeOf,
  slice,
  split,
  splitV,
  squeeze,
  transpose,
  unpack,
} from './axes.js'
import {
  argumentInput,
  constantInput,
  type Call,
  type NodeReader,
  type NodeResult,
} from './call.js'
import { isCastToFloat } from './graph-node.js'
import { stridedSlice } from './strided-slice.js'
import { batchNorm, biasAdd, conv2d, matMul, pooling, transposedConv2d } from './weighted.js'

/** By the names of TensorFlow's operators. */
export const READERS: ReadonlyMap<string, NodeReader> = new Map<string, NodeReader>([
  ['Conv2D', conv2d],
  ['_FusedConv2D', conv2d],
  ['DepthwiseConv2dNative', conv2d],
  ['FusedDepthwiseConv2dNative', conv2d],
  ['Conv2DBackpropInput', transposedConv2d],
  ['MatMul', matMul],
  ['_FusedMatMul', matMul],
  ['BatchMatMul', matMul],
  ['BatchMatMulV2', matMul],
  ['BiasAdd', biasAdd],
  ['FusedBatchNorm', batchNorm],
  ['FusedBatchNormV2', batchNorm],
  ['FusedBatchNormV3', batchNorm],
  ['MaxPool', (call) => pooling(call, 'max_pool')],
  ['AvgPool', (call) => pooling(call, 'avg_pool')],
  ['Relu', ({ op, input }) => op.elementwise('relu', input(0))],
  ['Relu6', ({ op, input }) => op.elementwise('relu6', input(0))],
  ['Elu', ({ op, input }) => op.elementwise('elu', input(0))],
  ['Sigmoid', ({ op, input }) => op.elementwise('sigmoid', input(0))],
  ['Tanh', ({ op, input }) => op.elementwise('tanh', input(0))],
  ['ClipByValue', clipByValue],
  ['Maximum', (call) => extremum(call, (limit) => [limit, Infinity])],
  ['Minimum', (call) => extremum(call, (limit) => [-Infinity, limit])],
  ['Prelu', ({ op, input }) => op.prelu(input(0), input(1))],
  ['LeakyRelu', ({ node, op, input }) => op.leakyRelu(input(0), node.number('alpha', 0.2))],
  ['Softmax', ({ node, op, input }) => op.softmax(input(0), node.number('axis', -1))],
  ['Gelu', ({ op, input }) => op.elementwise('gelu', input(0))],
  ['Add', ({ op, input }) => op.binary('add', input(0), input(1))],
  ['AddV2', ({ op, input }) => op.binary('add', input(0), input(1))],
  ['AddN', ({ op, inputs }) => op.sum(inputs)],
  ['Sub', ({ op, input }) => op.binary('sub', input(0), input(1))],
  ['Mul', ({ op, input }) => op.binary('mul', input(0), input(1))],
  ['RealDiv', ({ op, input }) => op.binary('div', input(0), input(1))],
  ['Div', ({ op, input }) => op.binary('div', input(0), input(1))],
  ['Mean', mean],
  ['ConcatV2', concat],
  ['Pack', pack],
  ['Unpack', unpack],
  ['Split', split],
  ['SplitV', splitV],
  ['Slice', slice],
  ['StridedSlice', stridedSlice],
  ['Pad', pad],
  ['PadV2', pad],
  ['Reshape', reshape],
  ['ExpandDims', expandDims],
  ['Squeeze', squeeze],
  ['Transpose', transpose],
  ['ResizeBilinear', (call) => resize(call, 'resize_bilinear')],
  ['ResizeNearestNeighbor', (call) => resize(call, 'resize_nearest')],
  ['DepthToSpace', toSpace],
  ['Identity', ({ input }) => input(0)],
  ['StopGradient', ({ input }) => input(0)],
  ['Cast', cast],
  ['Shape', shapeOf],
  ['GatherV2', gather],
  ['Fill', fill],
  ['Range', range],
  ['Prod', product],
  ['Sqrt', ({ op, input }) => op.root(input(0))],
  ['Rsqrt', ({ op, input }) => op.inverseRoot(input(0))],
  ['Square', ({ op, input }) => op.power(input(0), 2)],
  ['Pow', power],
  ['SquaredDifference', squaredDifference],
  ['Neg', ({ op, input }) => folded(op, input(0), (value) => -value)],
])

function folded(
  { folding }: Call['op'],
  input: Call['inputs'][number],
  change: (value: number) => number,
): NodeResult {
  return isConstant(input) ? folding.mapped(input, change) : undefined
}

function power(call: Call): NodeResult {
  const exponent = scalarOf(constantInput(call, 1))
  return exponent === undefined ? undefined : call.op.power(call.input(0), exponent)
}

function squaredDifference({ op, input }: Call): NodeResult {
  const difference = op.named('difference').binary('sub', input(0), input(1))
  return difference && op.power(difference, 2)
}

function clipByValue(call: Call): NodeResult {
  const [low, high] = [1, 2].map((index) => scalarOf(constantInput(call, index)))
  if (low === undefined || high === undefined) return undefined
  return call.op.limited(call.input(0), low, high)
}

/** The larger or smaller of a tensor and one number. */
function extremum(call: Call, limits: (limit: number) => [number, number]): NodeResult {
  const at = constantInput(call, 1) ? 1 : 0
  const limit = scalarOf(constantInput(call, at))
  return limit === undefined ? undefined : call.op.limited(call.input(1 - at), ...limits(limit))
}

function resize(call: Call, type: 'resize_bilinear' | 'resize_nearest'): NodeResult {
  const { node, op, input } = call
  const size = argumentInput(call, 1)
  if (size?.length !== 2) return undefined
  return resized(op, input(0), {
    type,
    size: [size[0], size[1]],
    alignCorners: node.flag('align_corners'),
    halfPixelCenters: node.flag('half_pixel_centers'),
  })
}

function toSpace({ node, op, input }: Call): NodeResult {
  const isPlain = node.text('data_format', 'NHWC') === 'NHWC'
  return isPlain ? depthToSpace(op, input(0), node.number('block_size')) : undefined
}

/** Of floats to floats, or of constants. */
function cast({ node, op, input: at }: Call): NodeResult {
  const input = at(0)
  const isFloat = isCastToFloat(node)
  if (!isConstant(input)) return isFloat ? input : undefined
  return op.folding.mapped(input, isFloat ? (value) => value : Math.trunc, isFloat)
}

/** The product of a constant's numbers, as shapes are computed with. */
function product(call: Call): NodeResult {
  return productOf(constantInput(call, 0), call.node.flag('keep_dims'))
}

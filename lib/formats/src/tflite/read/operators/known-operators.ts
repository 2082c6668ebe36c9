import type { ParsedOperator } from '../parse.js'
import { BINARY, ELEMENTWISE } from '../../schema.js'
import { concat, mean, pad, reshape, slice, squeeze, stridedSlice, transpose } from './axes.js'
import { Arguments, type KnownOperator, type OperatorReader, type Tensors } from './arguments.js'
import {
  convolution,
  depthwiseConvolution,
  fullyConnected,
  pool,
  transposedConvolution,
  transposedConvolutionWithBias,
} from './convolutions.js'

/**
 * The operator of a network that an operator of a file is, its fused activation apart; undefined
 * where LETI has none that does the same.
 */
export function knownOperator(op: ParsedOperator, tensors: Tensors): KnownOperator | undefined {
  const readers = op.isCustom ? CUSTOM_READERS : READERS
  return readers.get(op.name)?.(new Arguments(op, tensors))
}

const CUSTOM_READERS: ReadonlyMap<string, OperatorReader> = new Map([
  ['Convolution2DTransposeBias', transposedConvolutionWithBias],
])

/** By the names of the schema. */
const READERS: ReadonlyMap<string, OperatorReader> = new Map<string, OperatorReader>([
  ['CONV_2D', convolution],
  ['DEPTHWISE_CONV_2D', depthwiseConvolution],
  ['TRANSPOSE_CONV', transposedConvolution],
  ['FULLY_CONNECTED', fullyConnected],
  ['MAX_POOL_2D', (args) => pool(args, 'max_pool')],
  ['AVERAGE_POOL_2D', (args) => pool(args, 'avg_pool')],
  ['MEAN', mean],
  ['SOFTMAX', (args) => (args.options.beta === 1 ? args.unary({ type: 'softmax' }) : undefined)],
  ['LEAKY_RELU', (args) => args.unary({ type: 'leaky_relu', alpha: args.options.alpha })],
  ['PRELU', (args) => args.binary({ type: 'prelu' })],
  ['CONCATENATION', concat],
  ['RESHAPE', reshape],
  ['EXPAND_DIMS', reshape],
  ['SQUEEZE', squeeze],
  ['SLICE', slice],
  ['STRIDED_SLICE', stridedSlice],
  ['PAD', pad],
  ['TRANSPOSE', transpose],
  ['RESIZE_BILINEAR', (args) => resize(args, 'resize_bilinear')],
  ['RESIZE_NEAREST_NEIGHBOR', (args) => resize(args, 'resize_nearest')],
  ['DEPTH_TO_SPACE', depthToSpace],
  ['BATCH_MATMUL', batchMatmul],
  ['GELU', (args) => (args.options.approximate === 0 ? args.unary({ type: 'gelu' }) : undefined)],
  ...Object.entries(ELEMENTWISE).map(([type, name]): [string, OperatorReader] => [
    name,
    (args) => args.unary({ type: type as keyof typeof ELEMENTWISE }),
  ]),
  ...Object.entries(BINARY).map(([type, name]): [string, OperatorReader] => [
    name,
    (args) => args.binary({ type: type as keyof typeof BINARY }),
  ]),
])

function resize(
  args: Arguments,
  type: 'resize_bilinear' | 'resize_nearest',
): KnownOperator | undefined {
  const image = args.outputShape ?? args.integers(1)
  if (!image) return undefined
  const [height, width] = image
  return args.unary({
    type,
    size: [height, width],
    alignCorners: args.options.align_corners !== 0,
    halfPixelCenters: args.options.half_pixel_centers !== 0,
  })
}

function depthToSpace(args: Arguments): KnownOperator | undefined {
  const blockSize = args.options.block_size
  return blockSize > 0 ? args.unary({ type: 'depth_to_space', blockSize }) : undefined
}

function batchMatmul(args: Arguments): KnownOperator | undefined {
  const { adj_x, adj_y } = args.options
  return adj_x === 0 ? args.binary({ type: 'matmul', transposeB: adj_y !== 0 }) : undefined
}

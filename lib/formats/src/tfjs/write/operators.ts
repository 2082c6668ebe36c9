import { LetiError } from '@leti/records'
import {
  isElementwiseFunction,
  type ElementwiseFunction,
  type Kernel,
  type Operator,
  type OperatorOf,
} from '@leti/network'
import { ABSENT } from '../../importer/operator-table.js'
import type { ReductionType } from '../../importer/operation.js'
import { FUNCTIONS, type AbsentFunction } from '../elementwise.js'
import { integerArguments } from './constant.js'
import { clip, COMPOSED } from './composed.js'
import {
  nodeDef,
  nodeWithArguments,
  singleNode,
  type Attributes,
  type KernelContext,
  type KernelNodes,
  type KernelWriter,
  type Writers,
} from './kernel-nodes.js'
import { FLOAT, NHWC, integer, integers, tensorShape, text } from '../schema.js'
import { WEIGHTED } from './weighted.js'

/**
 * The graph nodes that run a kernel, as the TensorFlow.js converter emits them after it has optimized
 * the graph for inference.
 *
 * @throws {LetiError} `unsupported` if TensorFlow.js has no such operator
 */
export function kernelNodes(kernel: Kernel, context: KernelContext): KernelNodes {
  const { operator } = kernel
  if (isElementwiseFunction(operator)) return elementwise(kernel, operator, context)
  // TypeScript cannot see that the writer of a type takes operators of that type.
  return (WRITERS[operator.type] as KernelWriter)(kernel, operator, context)
}

/**
 * How each type of operator is written, except functions of one element. The names are those of
 * TensorFlow's operators.
 */
const WRITERS: Writers<Exclude<Operator, ElementwiseFunction>> = {
  input: (kernel, _operator, context) => {
    const shape = { shape: tensorShape([1, ...kernel.shape]) }
    return singleNode(kernel, context, 'Placeholder', { dtype: FLOAT, shape })
  },
  constant: ({ name, shape }) => ({
    nodes: [],
    constants: [{ name, kind: 'value', shape: [1, ...shape] }],
  }),

  ...WEIGHTED,

  leaky_relu: (kernel, { alpha }, context) =>
    singleNode(kernel, context, 'LeakyRelu', { T: FLOAT, alpha: { f: alpha } }),
  clip,
  prelu: node('Prelu'),
  softmax: node('Softmax'),

  add: (kernel, _operator, context) => {
    const count = context.inputs.length
    if (count === 2) return singleNode(kernel, context, 'AddV2')
    return singleNode(kernel, context, 'AddN', { T: FLOAT, N: integer(count) })
  },
  sub: node('Sub'),
  mul: node('Mul'),
  div: node('RealDiv'),
  maximum: node('Maximum'),
  minimum: node('Minimum'),

  max_pool: pool('MaxPool'),
  avg_pool: pool('AvgPool'),
  global_avg_pool: (kernel, _operator, context) =>
    nodeWithArguments(kernel, context, 'Mean', { axes: [1, 2] }, { keep_dims: { b: false } }),
  mean: reduction('Mean'),
  reduce_sum: reduction('Sum'),
  reduce_max: reduction('Max'),
  reduce_min: reduction('Min'),

  concat: (kernel, { axis = kernel.shape.length - 1 }, context) => {
    const count = integer(context.inputs.length)
    return nodeWithArguments(kernel, context, 'ConcatV2', { axis: [axis + 1] }, { N: count })
  },
  truncate: (kernel, { channels }, context) => {
    const range = { begin: [0, 0, 0, 0], size: [-1, -1, -1, channels] }
    return nodeWithArguments(kernel, context, 'Slice', range)
  },
  slice: (kernel, { begin, size, strides }, context) => {
    if (!strides) {
      const range = { begin: [0, ...begin], size: [1, ...size] }
      return nodeWithArguments(kernel, context, 'Slice', range)
    }
    const end = begin.map((first, axis) => first + size[axis] * strides[axis])
    // No index denotes the position before the first element: a bit of the mask means "to the end".
    const mask = end.reduce((bits, last, axis) => (last < 0 ? bits | (2 << axis) : bits), 0)
    const range = {
      begin: [0, ...begin],
      end: [1, ...end.map((last) => Math.max(last, 0))],
      strides: [1, ...strides],
    }
    return nodeWithArguments(kernel, context, 'StridedSlice', range, { end_mask: integer(mask) })
  },
  pad: ({ name, shape }, { paddings }, { inputs, partName }) => {
    const values = [0, 0, ...paddings.flat()]
    const [argument] = integerArguments(name, partName, { paddings: values })
    return {
      nodes: [nodeDef(name, 'Pad', [...inputs, argument.name], { T: FLOAT })],
      constants: [{ ...argument, shape: [shape.length + 1, 2] }],
    }
  },
  reshape: (kernel, _operator, context) =>
    nodeWithArguments(kernel, context, 'Reshape', { shape: [1, ...kernel.shape] }),
  squeeze: (kernel, { axes }, context) => {
    const batched = integers(axes.map((axis) => axis + 1))
    return singleNode(kernel, context, 'Squeeze', { T: FLOAT, squeeze_dims: batched })
  },
  transpose: (kernel, { permutation }, context) => {
    const perm = [0, ...permutation.map((axis) => axis + 1)]
    return nodeWithArguments(kernel, context, 'Transpose', { perm })
  },
  resize_bilinear: resize('ResizeBilinear'),
  resize_nearest: resize('ResizeNearestNeighbor'),
  depth_to_space: (kernel, { blockSize }, context) =>
    singleNode(kernel, context, 'DepthToSpace', {
      T: FLOAT,
      block_size: integer(blockSize),
      data_format: NHWC,
    }),

  channel_shuffle: unsupported(() => 'a channel shuffle must be lowered first'),
  zeros: unsupported(() => 'a converter folds zeros away'),
  traffic: unsupported(({ name }) => `LETI only counts the memory traffic of ${name}`),
  unknown: unsupported(({ name }) => `LETI does not know the operator ${name}`),
  unknown_output: unsupported(() => 'LETI does not know the operator that computes it'),
}

const elementwise: KernelWriter<ElementwiseFunction> = (kernel, operator, context) => {
  const op = FUNCTIONS[operator.type]
  if (op !== ABSENT) return singleNode(kernel, context, op)
  return COMPOSED[operator.type as AbsentFunction](kernel, operator, context)
}

/** A node of the operator `op` without arguments. */
function node(op: string): KernelWriter {
  return (kernel, _operator, context) => singleNode(kernel, context, op)
}

function pool(op: string): KernelWriter<OperatorOf<'max_pool' | 'avg_pool'>> {
  return (kernel, { window: { size, strides, padding } }, context) =>
    singleNode(kernel, context, op, {
      T: FLOAT,
      ksize: integers([1, ...size, 1]),
      strides: integers([1, ...strides, 1]),
      padding: text(padding.toUpperCase()),
      data_format: NHWC,
      explicit_paddings: { list: {} },
    })
}

function reduction(op: string): KernelWriter<OperatorOf<ReductionType>> {
  return (kernel, { axes, keepDims }, context) => {
    const batched = { axes: axes.map((axis) => axis + 1) }
    return nodeWithArguments(kernel, context, op, batched, { keep_dims: { b: keepDims } })
  }
}

function resize(op: string): KernelWriter<OperatorOf<'resize_bilinear' | 'resize_nearest'>> {
  return (kernel, { size, alignCorners, halfPixelCenters }, context) => {
    const flags: Attributes = {
      align_corners: { b: alignCorners },
      half_pixel_centers: { b: halfPixelCenters },
    }
    return nodeWithArguments(kernel, context, op, { size }, flags)
  }
}

function unsupported<O extends Operator>(reason: (operator: O) => string): KernelWriter<O> {
  return ({ name }, operator) => {
    throw new LetiError(
      'unsupported',
      `${name} cannot be written for TensorFlow.js: ${reason(operator)}`,
    )
  }
}

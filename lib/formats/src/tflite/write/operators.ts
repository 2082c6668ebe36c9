import {
  isElementwiseFunction,
  sameShape,
  type ElementwiseFunction,
  type Kernel,
  type Operator,
  type OperatorOf,
  type Source,
} from '@leti/network'
import { LetiError } from '@leti/records'
import { ABSENT } from '../../importer/operator-table.js'
import type { ReductionType } from '../../importer/operation.js'
import { FUNCTIONS } from '../elementwise.js'
import type { BuiltinName } from '../schema.js'
import {
  activationOption,
  argument,
  rankOf,
  type Draft,
  type KernelContext,
  type KernelWriter,
  type Writers,
} from './kernel-operators.js'
import { slice, truncate } from './slices.js'
import { WEIGHTED } from './weighted.js'
import { windowOptions } from './window-options.js'

/**
 * Adds the operators that compute a kernel, as TensorFlow's converter emits them.
 *
 * @returns the tensor of its value
 * @throws {LetiError} `unsupported` if TFLite has no such operator
 */
export function addKernel(kernel: Kernel, context: KernelContext): number {
  const { name, operator, shape } = kernel
  const { graph, weights } = context
  const batched = [1, ...shape]
  if (operator.type === 'input') return graph.tensor(name, batched)
  if (operator.type === 'constant') {
    return graph.weights(name, batched, () => weights(name, 'value'))
  }
  const { builtin, inputs, options, version } = draft(kernel, operator, context)
  const output = graph.tensor(name, batched)
  graph.operator(builtin, inputs, output, options, version)
  return output
}

function draft(kernel: Kernel, operator: Exclude<Operator, Source>, context: KernelContext): Draft {
  if (!isElementwiseFunction(operator)) {
    // TypeScript cannot see that the writer of a type takes operators of that type.
    return (WRITERS[operator.type] as KernelWriter)(kernel, operator, context)
  }
  const name = FUNCTIONS[operator.type]
  const write = name === ABSENT ? unsupported(() => 'TFLite has no such operator') : builtin(name)
  return write(kernel, operator, context)
}

/** How each type of operator that computes something is written, except functions of one element; the names are those of TFLite's builtin operators. */
const WRITERS: Writers<Exclude<Operator, Source | ElementwiseFunction>> = {
  ...WEIGHTED,

  leaky_relu: (_kernel, { alpha }, { inputs }) => ({
    builtin: 'LEAKY_RELU',
    inputs,
    options: { alpha },
  }),
  clip,
  prelu: builtin('PRELU'),
  softmax: (_kernel, _operator, { inputs }) => ({
    builtin: 'SOFTMAX',
    inputs,
    options: { beta: 1 },
  }),

  add: (kernel, operator, context) =>
    binary('ADD')(kernel, operator, addedInPairs(kernel, context)),
  sub: binary('SUB', 3),
  mul: binary('MUL'),
  div: binary('DIV', 2),
  maximum: builtin('MAXIMUM'),
  minimum: builtin('MINIMUM'),

  max_pool: pool('MAX_POOL_2D'),
  avg_pool: pool('AVERAGE_POOL_2D'),
  global_avg_pool: (kernel, _operator, context) => ({
    builtin: 'MEAN',
    inputs: [...context.inputs, argument(kernel, context, 'axes', [1, 2])],
    options: { keep_dims: 0 },
  }),
  mean: reduction('MEAN'),
  reduce_sum: reduction('SUM'),
  reduce_max: reduction('REDUCE_MAX'),
  reduce_min: reduction('REDUCE_MIN'),

  concat: ({ shape }, { axis = shape.length - 1 }, { inputs }) => ({
    builtin: 'CONCATENATION',
    inputs,
    options: { axis: axis + 1 },
  }),
  truncate,
  slice,
  pad: (kernel, { paddings }, context) => {
    const rank = rankOf(kernel)
    const values = [0, 0, ...paddings.flat()]
    return {
      builtin: 'PAD',
      inputs: [...context.inputs, argument(kernel, context, 'paddings', values, [rank, 2])],
      version: rank > 4 ? 4 : 1,
    }
  },
  reshape,
  // GPU delegates take no SQUEEZE.
  squeeze: reshape,
  transpose: (kernel, { permutation }, context) => {
    const rank = rankOf(kernel)
    const batched = [0, ...permutation.map((axis) => axis + 1)]
    return {
      builtin: 'TRANSPOSE',
      inputs: [...context.inputs, argument(kernel, context, 'perm', batched)],
      version: rank > 6 ? 8 : rank > 5 ? 6 : rank > 4 ? 4 : 1,
    }
  },
  resize_bilinear: resize('RESIZE_BILINEAR'),
  resize_nearest: resize('RESIZE_NEAREST_NEIGHBOR'),
  depth_to_space: (_kernel, { blockSize }, { inputs }) => ({
    builtin: 'DEPTH_TO_SPACE',
    inputs,
    options: { block_size: blockSize },
  }),

  channel_shuffle: unsupported(() => 'a channel shuffle must be lowered first'),
  zeros: unsupported(() => 'a converter folds zeros away'),
  traffic: unsupported(({ name }) => `LETI only counts the memory traffic of ${name}`),
  unknown: unsupported(({ name }) => `LETI does not know the operator ${name}`),
  unknown_output: unsupported(() => 'LETI does not know the operator that computes it'),
}

/** A builtin operator without options. */
function builtin(name: BuiltinName): KernelWriter {
  return (_kernel, _operator, { inputs }) => ({ builtin: name, inputs })
}

/**
 * Two inputs, broadcast to one shape.
 *
 * @param wideVersion the version that broadcasts more than four dimensions
 */
function binary(name: BuiltinName, wideVersion = 1): KernelWriter {
  return (kernel, _operator, { inputs, inputShapes }) => {
    const isWide = rankOf(kernel) > 4 && !sameShape(inputShapes[0], inputShapes[1])
    const version = isWide ? wideVersion : 1
    return { builtin: name, inputs, options: activationOption(kernel), version }
  }
}

/** Adds up all inputs but the last: ADD takes two inputs, and no GPU delegate takes ADD_N. */
function addedInPairs({ name, shape }: Kernel, context: KernelContext): KernelContext {
  const { graph, inputs, inputShapes } = context
  let [sum] = inputs
  for (const [index, input] of inputs.slice(1, -1).entries()) {
    const partial = graph.tensor(`${name}/partial${index + 1}`, [1, ...shape])
    graph.operator('ADD', [sum, input], partial, { fused_activation_function: 0 })
    sum = partial
  }
  const last = inputs.length - 1
  return { ...context, inputs: [sum, inputs[last]], inputShapes: [shape, inputShapes[last]] }
}

/** MAXIMUM with the lower bound, then MINIMUM with the upper one. */
function clip(
  { name, shape }: Kernel,
  { min, max }: OperatorOf<'clip'>,
  { graph, inputs }: KernelContext,
): Draft {
  const above = min === undefined ? inputs : [...inputs, graph.float(`${name}/min`, min)]
  if (max === undefined) return { builtin: 'MAXIMUM', inputs: above }
  const upper = graph.float(`${name}/max`, max)
  if (min === undefined) return { builtin: 'MINIMUM', inputs: [...inputs, upper] }
  const limited = graph.tensor(`${name}/above`, [1, ...shape])
  graph.operator('MAXIMUM', above, limited)
  return { builtin: 'MINIMUM', inputs: [limited, upper] }
}

function pool(name: BuiltinName): KernelWriter<OperatorOf<'max_pool' | 'avg_pool'>> {
  return (_kernel, { window }, { inputs }) => {
    const [filter_height, filter_width] = window.size
    return {
      builtin: name,
      inputs,
      options: { ...windowOptions(window), filter_height, filter_width },
    }
  }
}

function reduction(name: BuiltinName): KernelWriter<OperatorOf<ReductionType>> {
  return (kernel, { axes, keepDims }, context) => {
    const batched = axes.map((axis) => axis + 1)
    return {
      builtin: name,
      inputs: [...context.inputs, argument(kernel, context, 'axes', batched)],
      options: { keep_dims: Number(keepDims) },
    }
  }
}

function reshape(kernel: Kernel, _operator: Operator, context: KernelContext) {
  const sizes = [1, ...kernel.shape]
  return {
    builtin: 'RESHAPE',
    inputs: [...context.inputs, argument(kernel, context, 'shape', sizes)],
    options: { new_shape: sizes },
  } as const
}

function resize(
  name: 'RESIZE_BILINEAR' | 'RESIZE_NEAREST_NEIGHBOR',
): KernelWriter<OperatorOf<'resize_bilinear' | 'resize_nearest'>> {
  return (kernel, { size, alignCorners, halfPixelCenters }, context) => {
    const isNearest = name === 'RESIZE_NEAREST_NEIGHBOR'
    return {
      builtin: name,
      inputs: [...context.inputs, argument(kernel, context, 'size', size)],
      options: {
        align_corners: Number(alignCorners),
        half_pixel_centers: Number(halfPixelCenters),
      },
      version: halfPixelCenters || (alignCorners && isNearest) ? 3 : 1,
    }
  }
}

function unsupported<O extends Operator>(reason: (operator: O) => string): KernelWriter<O> {
  return ({ name }, operator) => {
    throw new LetiError('unsupported', `${name} cannot be written for TFLite: ${reason(operator)}`)
  }
}

import { sameShape, type DilatedWindow, type Kernel, type Shape } from '@leti/network'
import { LetiError } from '@leti/records'
import type { Weights } from '../../weights/weights.js'
import type { GraphBuilder } from './graph-builder.js'
import type { OptionValues } from './graph.js'
import { ACTIVATIONS, BINARY, ELEMENTWISE, PADDING, type BuiltinName } from '../schema.js'
import { biasTensor, filterTensor } from './weight-tensors.js'

/** What a kernel's operator needs to know beside the kernel. */
export interface Surroundings {
  readonly graph: GraphBuilder
  readonly weights: Weights
  /** The tensors that the kernel reads, and their shapes without batch. */
  readonly inputs: readonly number[]
  readonly inputShapes: readonly Shape[]
}

/** An operator to be: its output is the kernel's. */
interface Draft {
  readonly builtin: BuiltinName
  readonly inputs: readonly number[]
  readonly options?: OptionValues
  readonly version?: number
}

/**
 * Adds the operators that compute a kernel, as TensorFlow's converter emits them.
 *
 * @returns the tensor of its value
 * @throws {LetiError} `unsupported`
 */
export function addKernel(kernel: Kernel, around: Surroundings): number {
  const { name, operator, shape } = kernel
  const { graph } = around
  const batched = [1, ...shape]
  if (operator.type === 'input') return graph.tensor(name, batched)
  if (operator.type === 'constant') {
    return graph.weights(name, batched, () => around.weights(name, 'value'))
  }
  const { builtin, inputs, options, version } = draft(kernel, prepared(kernel, around))
  const output = graph.tensor(name, batched)
  graph.operator(builtin, inputs, output, options, version)
  return output
}

/** Adds what has to run before the kernel's last operator: that one's surroundings. */
function prepared(kernel: Kernel, around: Surroundings): Surroundings {
  if (kernel.operator.type === 'add') return addedInPairs(kernel, around)
  if (kernel.operator.type === 'batch_norm') return scaled(kernel, around)
  return around
}

/** A batch norm that stands alone is a MUL by its scale, then an ADD of its shift. */
function scaled(kernel: Kernel, around: Surroundings): Surroundings {
  const { graph, inputs, inputShapes, weights } = around
  const { name, shape } = kernel
  const scale = graph.weights(`${name}/filter`, shape.slice(-1), () => weights(name, 'filter'))
  const product = graph.tensor(`${name}/product`, [1, ...shape])
  graph.operator('MUL', [...inputs, scale], product, { fused_activation_function: 0 })
  const shift = graph.weights(`${name}/bias`, shape.slice(-1), () => weights(name, 'bias'))
  return { ...around, inputs: [product, shift], inputShapes: [...inputShapes, shape.slice(-1)] }
}

/** ADD takes two inputs, and ADD_N is none of a GPU's: all inputs but the last are added before. */
function addedInPairs({ name, shape }: Kernel, around: Surroundings): Surroundings {
  const { graph, inputs, inputShapes } = around
  let [sum] = inputs
  for (const [index, input] of inputs.slice(1, -1).entries()) {
    const partial = graph.tensor(`${name}/partial${index + 1}`, [1, ...shape])
    graph.operator('ADD', [sum, input], partial, { fused_activation_function: 0 })
    sum = partial
  }
  const last = inputs.length - 1
  return { ...around, inputs: [sum, inputs[last]], inputShapes: [shape, inputShapes[last]] }
}

/** The operator that gives the kernel's value, with the least version that has what it uses. */
function draft(kernel: Kernel, around: Surroundings): Draft {
  const { operator, name, shape } = kernel
  const { graph, inputs, inputShapes } = around
  const rank = shape.length + 1
  const activation = { fused_activation_function: ACTIVATIONS.indexOf(kernel.activation) }
  /** An argument that is a constant tensor of integers. */
  const argument = (of: string, values: readonly number[], dimensions?: number[]): number =>
    graph.integers(`${name}/${of}`, values, dimensions)

  switch (operator.type) {
    case 'conv2d':
      return {
        builtin: 'CONV_2D',
        inputs: [...inputs, filterTensor(kernel, around), biasTensor(kernel, around)],
        options: { ...windowOptions(operator.window), ...activation },
        version: (operator.groups ?? 1) > 1 ? 6 : 1,
      }
    case 'depthwise_conv2d': {
      const options = windowOptions(operator.window)
      const isDilated = options.dilation_h_factor > 1 || options.dilation_w_factor > 1
      return {
        builtin: 'DEPTHWISE_CONV_2D',
        inputs: [...inputs, filterTensor(kernel, around), biasTensor(kernel, around)],
        options: { ...options, depth_multiplier: operator.multiplier ?? 1, ...activation },
        version: isDilated ? 2 : 1,
      }
    }
    case 'transpose_conv2d': {
      const bias = kernel.bias ? [biasTensor(kernel, around)] : []
      const size = argument('output_shape', [1, ...shape])
      return {
        builtin: 'TRANSPOSE_CONV',
        inputs: [size, filterTensor(kernel, around), ...inputs, ...bias],
        options: windowOptions(operator.window),
        version: kernel.bias ? 3 : 1,
      }
    }
    case 'dense':
      return {
        builtin: 'FULLY_CONNECTED',
        inputs: [...inputs, filterTensor(kernel, around), biasTensor(kernel, around)],
        options: { ...activation, keep_num_dims: Number(rank > 2) },
        version: rank > 2 ? 5 : 1,
      }
    case 'max_pool':
    case 'avg_pool': {
      const { size } = operator.window
      return {
        builtin: operator.type === 'max_pool' ? 'MAX_POOL_2D' : 'AVERAGE_POOL_2D',
        inputs,
        options: {
          ...windowOptions(operator.window),
          filter_height: size[0],
          filter_width: size[1],
        },
      }
    }
    case 'add':
    case 'sub':
    case 'mul':
    case 'div': {
      const widens = rank > 4 && !sameShape(inputShapes[0], inputShapes[1])
      const version = widens ? WIDE_BROADCAST[operator.type] : 1
      return { builtin: BINARY[operator.type], inputs, options: activation, version }
    }
    case 'batch_norm':
      return { builtin: 'ADD', inputs, options: activation }
    case 'matmul':
      return { builtin: 'BATCH_MATMUL', inputs, options: { adj_y: Number(operator.transposeB) } }
    case 'gelu':
      return { builtin: 'GELU', inputs }
    case 'concat': {
      const axis = (operator.axis ?? shape.length - 1) + 1
      return { builtin: 'CONCATENATION', inputs, options: { axis } }
    }
    case 'global_avg_pool':
      return {
        builtin: 'MEAN',
        inputs: [...inputs, argument('axes', [1, 2])],
        options: { keep_dims: 0 },
      }
    case 'mean': {
      const axes = operator.axes.map((axis) => axis + 1)
      const options = { keep_dims: Number(operator.keepDims) }
      return { builtin: 'MEAN', inputs: [...inputs, argument('axes', axes)], options }
    }
    case 'softmax':
      return { builtin: 'SOFTMAX', inputs, options: { beta: 1 } }
    case 'leaky_relu':
      return { builtin: 'LEAKY_RELU', inputs, options: { alpha: operator.alpha } }
    case 'prelu':
      return { builtin: 'PRELU', inputs }
    case 'truncate':
    case 'slice': {
      const begin = 'begin' in operator ? operator.begin : shape.map(() => 0)
      const strides = 'strides' in operator ? operator.strides : undefined
      if (strides) return stridedSlice(inputs, argument, begin, shape, strides)
      const sizes = [argument('begin', [0, ...begin]), argument('size', [1, ...shape])]
      return { builtin: 'SLICE', inputs: [...inputs, ...sizes], version: rank > 4 ? 5 : 1 }
    }
    case 'pad': {
      const paddings = argument('paddings', [0, 0, ...operator.paddings.flat()], [rank, 2])
      return { builtin: 'PAD', inputs: [...inputs, paddings], version: rank > 4 ? 4 : 1 }
    }
    // A RESHAPE too: GPU delegates take no SQUEEZE.
    case 'squeeze':
    case 'reshape': {
      const sizes = [1, ...shape]
      const options = { new_shape: sizes }
      return { builtin: 'RESHAPE', inputs: [...inputs, argument('shape', sizes)], options }
    }
    case 'transpose': {
      const permutation = [0, ...operator.permutation.map((axis) => axis + 1)]
      const version = rank > 6 ? 8 : rank > 5 ? 6 : rank > 4 ? 4 : 1
      return { builtin: 'TRANSPOSE', inputs: [...inputs, argument('perm', permutation)], version }
    }
    case 'resize_bilinear':
    case 'resize_nearest': {
      const { alignCorners, halfPixelCenters } = operator
      const isBilinear = operator.type === 'resize_bilinear'
      return {
        builtin: isBilinear ? 'RESIZE_BILINEAR' : 'RESIZE_NEAREST_NEIGHBOR',
        inputs: [...inputs, argument('size', operator.size)],
        options: {
          align_corners: Number(alignCorners),
          half_pixel_centers: Number(halfPixelCenters),
        },
        version: halfPixelCenters || (alignCorners && !isBilinear) ? 3 : 1,
      }
    }
    case 'depth_to_space':
      return { builtin: 'DEPTH_TO_SPACE', inputs, options: { block_size: operator.blockSize } }
    case 'channel_shuffle':
    case 'zeros':
      throw new LetiError('unsupported', `${name}: ${operator.type} where no runtime has it`)
    case 'unknown':
      throw new LetiError('unsupported', `${name}: the operator ${operator.name} is unknown`)
    case 'unknown_output':
    case 'input':
    case 'constant':
      throw new LetiError('unsupported', `${name}: no operator computes it`)
    default:
      return { builtin: ELEMENTWISE[operator.type], inputs }
  }
}

/** Versions that broadcast more than four dimensions; ADD and MUL always did. */
const WIDE_BROADCAST = { add: 1, sub: 3, mul: 1, div: 2 } as const

function stridedSlice(
  inputs: readonly number[],
  argument: (of: string, values: readonly number[]) => number,
  begin: readonly number[],
  size: readonly number[],
  strides: readonly number[],
): Draft {
  const end = begin.map((first, axis) => first + size[axis] * strides[axis])
  const bounds = [
    argument('begin', [0, ...begin]),
    // Before the first element there is no index: the mask says it.
    argument('end', [1, ...end.map((last) => Math.max(last, 0))]),
    argument('strides', [1, ...strides]),
  ]
  const end_mask = end.reduce((mask, last, axis) => (last < 0 ? mask | (2 << axis) : mask), 0)
  const version = size.length > 3 ? 4 : 1
  return {
    builtin: 'STRIDED_SLICE',
    inputs: [...inputs, ...bounds],
    options: { end_mask },
    version,
  }
}

function windowOptions({ strides, padding, dilations }: DilatedWindow): Record<string, number> {
  return {
    padding: PADDING.indexOf(padding),
    stride_h: strides[0],
    stride_w: strides[1],
    dilation_h_factor: dilations?.[0] ?? 1,
    dilation_w_factor: dilations?.[1] ?? 1,
  }
}

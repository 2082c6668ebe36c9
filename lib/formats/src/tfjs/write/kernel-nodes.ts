import type { Kernel } from '@leti/network'
import { LetiError } from '@leti/records'
import { integerArguments, scalar } from './constant.js'
import { groupedConvolution } from './grouped-convolution.js'
import { FLOAT, INT32, NHWC, integer, integers, tensorShape, text } from '../schema.js'
import {
  batchNorm,
  dense,
  fused,
  nodeDef,
  transposedConvolution,
  windowAttributes,
  type Attributes,
  type KernelNodes,
  type Surroundings,
} from './weighted-nodes.js'

/**
 * The graph nodes that run a kernel, as the TensorFlow.js converter emits them after its optimisation
 * for inference.
 *
 * @throws {LetiError} `unsupported`
 */
export function kernelNodes(kernel: Kernel, around: Surroundings): KernelNodes {
  const { operator, name, shape } = kernel
  const { inputs, partName } = around
  const plain = (op: string, attr: Attributes = { T: FLOAT }): KernelNodes => ({
    nodes: [nodeDef(name, op, inputs, attr)],
    constants: [],
  })
  /** A node whose integer arguments are constants of the graph. */
  const withArguments = (
    op: string,
    args: Readonly<Record<string, readonly number[]>>,
    attributes: Attributes = {},
  ): KernelNodes => {
    const constants = integerArguments(name, partName, args)
    return {
      nodes: [
        nodeDef(name, op, [...inputs, ...constants.map((constant) => constant.name)], {
          T: FLOAT,
          Tidx: INT32,
          ...attributes,
        }),
      ],
      constants,
    }
  }

  switch (operator.type) {
    case 'input':
      return plain('Placeholder', { dtype: FLOAT, shape: { shape: tensorShape([1, ...shape]) } })
    case 'constant':
      return { nodes: [], constants: [{ name, kind: 'value', shape: [1, ...shape] }] }
    case 'conv2d':
      if ((operator.groups ?? 1) > 1) return groupedConvolution(kernel, operator, around)
      return fused(kernel, '_FusedConv2D', around, windowAttributes(operator.window))
    case 'depthwise_conv2d': {
      const attributes = windowAttributes(operator.window)
      return fused(kernel, 'FusedDepthwiseConv2dNative', around, attributes)
    }
    case 'transpose_conv2d':
      return transposedConvolution(kernel, operator.window, around)
    case 'dense':
      return dense(kernel, around)
    case 'max_pool':
    case 'avg_pool': {
      const { size, strides, padding } = operator.window
      return plain(operator.type === 'max_pool' ? 'MaxPool' : 'AvgPool', {
        T: FLOAT,
        ksize: integers([1, ...size, 1]),
        strides: integers([1, ...strides, 1]),
        padding: text(padding.toUpperCase()),
        data_format: NHWC,
        explicit_paddings: { list: {} },
      })
    }
    case 'global_avg_pool':
      return withArguments('Mean', { axes: [1, 2] }, { keep_dims: { b: false } })
    case 'mean': {
      const axes = operator.axes.map((axis) => axis + 1)
      return withArguments('Mean', { axes }, { keep_dims: { b: operator.keepDims } })
    }
    case 'add':
      return inputs.length === 2
        ? plain('AddV2')
        : plain('AddN', { T: FLOAT, N: integer(inputs.length) })
    case 'sub':
      return plain('Sub')
    case 'mul':
      return plain('Mul')
    case 'div':
      return plain('RealDiv')
    case 'concat': {
      const axis = [(operator.axis ?? shape.length - 1) + 1]
      return withArguments('ConcatV2', { axis }, { N: integer(inputs.length) })
    }
    case 'truncate': {
      const range = { begin: [0, 0, 0, 0], size: [-1, -1, -1, operator.channels] }
      return withArguments('Slice', range)
    }
    case 'slice': {
      const { begin, size, strides } = operator
      if (!strides) return withArguments('Slice', { begin: [0, ...begin], size: [1, ...size] })
      const end = begin.map((first, axis) => first + size[axis] * strides[axis])
      // Before the first element there is no index: the mask says it.
      const mask = end.reduce((bits, last, axis) => (last < 0 ? bits | (2 << axis) : bits), 0)
      return withArguments(
        'StridedSlice',
        {
          begin: [0, ...begin],
          end: [1, ...end.map((last) => Math.max(last, 0))],
          strides: [1, ...strides],
        },
        { end_mask: integer(mask) },
      )
    }
    case 'pad': {
      const values = [0, 0, ...operator.paddings.flat()]
      const [paddings] = integerArguments(name, partName, { paddings: values })
      const constants = [{ ...paddings, shape: [shape.length + 1, 2] }]
      return {
        nodes: [nodeDef(name, 'Pad', [...inputs, paddings.name], { T: FLOAT })],
        constants,
      }
    }
    case 'reshape':
      return withArguments('Reshape', { shape: [1, ...shape] })
    case 'squeeze': {
      const axes = operator.axes.map((axis) => axis + 1)
      return plain('Squeeze', { T: FLOAT, squeeze_dims: integers(axes) })
    }
    case 'transpose': {
      const perm = [0, ...operator.permutation.map((axis) => axis + 1)]
      return withArguments('Transpose', { perm })
    }
    case 'resize_bilinear':
    case 'resize_nearest':
      return withArguments(
        operator.type === 'resize_bilinear' ? 'ResizeBilinear' : 'ResizeNearestNeighbor',
        { size: operator.size },
        {
          align_corners: { b: operator.alignCorners },
          half_pixel_centers: { b: operator.halfPixelCenters },
        },
      )
    case 'depth_to_space':
      return plain('DepthToSpace', {
        T: FLOAT,
        block_size: integer(operator.blockSize),
        data_format: NHWC,
      })
    case 'relu':
      return plain('Relu')
    case 'relu6':
      return plain('Relu6')
    case 'elu':
      return plain('Elu')
    case 'sigmoid':
      return plain('Sigmoid')
    case 'tanh':
      return plain('Tanh')
    case 'softmax':
      return plain('Softmax')
    case 'prelu':
      return plain('Prelu')
    case 'leaky_relu':
      return plain('LeakyRelu', { T: FLOAT, alpha: { f: operator.alpha } })
    case 'relu_n1_to_1': {
      const constants = [scalar(partName(name, 'min'), -1), scalar(partName(name, 'max'), 1)]
      const limits = constants.map((constant) => constant.name)
      return {
        nodes: [nodeDef(name, 'ClipByValue', [...inputs, ...limits], { T: FLOAT })],
        constants,
      }
    }
    case 'rsqrt':
      return plain('Rsqrt')
    case 'matmul':
      return plain('BatchMatMulV2', {
        T: FLOAT,
        adj_x: { b: false },
        adj_y: { b: operator.transposeB },
      })
    case 'hard_swish':
      return hardSwish(name, around)
    case 'gelu':
      return gelu(name, around)
    case 'channel_shuffle':
    case 'zeros':
      throw new LetiError('unsupported', `${name}: ${operator.type} where no runtime has it`)
    case 'batch_norm':
      return batchNorm(kernel, around)
    case 'unknown':
      throw new LetiError('unsupported', `${name}: the operator ${operator.name} is unknown`)
    case 'unknown_output':
      throw new LetiError('unsupported', `${name}: an output of an unknown operator`)
  }
}

/** TensorFlow.js has no such operator: x * relu6(x + 3) / 6, as Keras writes it. */
function hardSwish(name: string, { inputs: [input], partName }: Surroundings): KernelNodes {
  const three = scalar(partName(name, 'three'), 3)
  const sixth = scalar(partName(name, 'sixth'), 1 / 6)
  const [shifted, gate, scaled] = ['shifted', 'gate', 'scaled'].map((of) => partName(name, of))
  const attr = { T: FLOAT }
  return {
    nodes: [
      nodeDef(shifted, 'AddV2', [input, three.name], attr),
      nodeDef(gate, 'Relu6', [shifted], attr),
      nodeDef(scaled, 'Mul', [gate, sixth.name], attr),
      nodeDef(name, 'Mul', [input, scaled], attr),
    ],
    constants: [three, sixth],
  }
}

/** x / 2 * (1 + erf(x / sqrt(2))), as Keras writes it. */
function gelu(name: string, { inputs: [input], partName }: Surroundings): KernelNodes {
  const half = scalar(partName(name, 'half'), 0.5)
  const root = scalar(partName(name, 'root'), Math.SQRT1_2)
  const one = scalar(partName(name, 'one'), 1)
  const parts = ['halved', 'scaled', 'erf', 'gate'].map((of) => partName(name, of))
  const [halved, scaled, erf, gate] = parts
  const attr = { T: FLOAT }
  return {
    nodes: [
      nodeDef(halved, 'Mul', [input, half.name], attr),
      nodeDef(scaled, 'Mul', [input, root.name], attr),
      nodeDef(erf, 'Erf', [scaled], attr),
      nodeDef(gate, 'AddV2', [erf, one.name], attr),
      nodeDef(name, 'Mul', [halved, gate], attr),
    ],
    constants: [half, root, one],
  }
}

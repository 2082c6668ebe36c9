import { LetiError } from '@leti/records'
import type { Conv2d, DilatedWindow, Operator, Shape, TransposeConv2d } from './operators.js'
import {
  concatenated,
  multiplied,
  permuted,
  reduced,
  reshaped,
  sameShape,
  sliced,
  squeezed,
} from './axes.js'

/**
 * Shape inference: the shape of what `operator` computes from activations of the shapes `inputs`,
 * all without batch, channels last.
 *
 * @throws {LetiError} `bad-arch` where the shapes do not fit the operator
 */
export function outputShape(operator: Operator, inputs: readonly Shape[]): Shape {
  const shape = inferred(operator, inputs)
  if (!shape) throw misfit(operator.type, inputs)
  return shape
}

/** The shape, or undefined where the inputs do not fit. */
function inferred(operator: Operator, inputs: readonly Shape[]): Shape | undefined {
  const [input] = inputs
  switch (operator.type) {
    case 'input':
    case 'constant':
    case 'unknown':
    case 'unknown_output':
      return operator.shape
    case 'conv2d':
      return windowShape(operator.window, grouped(operator, image(input)), operator.filters)
    case 'depthwise_conv2d': {
      const channels = image(input)[2] * (operator.multiplier ?? 1)
      return windowShape(operator.window, input, channels)
    }
    case 'transpose_conv2d':
      return transposeConvShape(operator, image(input))
    case 'max_pool':
    case 'avg_pool':
      return windowShape(operator.window, image(input), input[2])
    case 'channel_shuffle':
      return image(input)[2] % operator.groups === 0 ? input : undefined
    case 'global_avg_pool':
      return [image(input)[2]]
    case 'mean':
      return reduced(input, operator.axes, operator.keepDims)
    case 'dense':
      return input.length > 0 ? [...input.slice(0, -1), operator.units] : undefined
    case 'matmul':
      return multiplied(inputs, operator.transposeB)
    case 'add':
      if (inputs.length === 2) return broadcast(inputs)
      return inputs.every((shape) => sameShape(shape, input)) ? input : undefined
    case 'sub':
    case 'mul':
    case 'div':
      return broadcast(inputs)
    case 'prelu':
      return sameShape(broadcast(inputs), input) ? input : undefined
    case 'concat':
      return concatenated(inputs, operator.axis ?? input.length - 1)
    case 'truncate':
      return operator.channels <= image(input)[2]
        ? [input[0], input[1], operator.channels]
        : undefined
    case 'slice':
      return sliced(input, operator)
    case 'pad':
      return operator.paddings.length === input.length
        ? input.map((size, axis) => size + operator.paddings[axis][0] + operator.paddings[axis][1])
        : undefined
    case 'reshape':
      return reshaped(input, operator.shape)
    case 'squeeze':
      return squeezed(input, operator.axes)
    case 'transpose':
      return permuted(input, operator.permutation)
    case 'resize_bilinear':
    case 'resize_nearest':
      return [...operator.size, image(input)[2]]
    case 'depth_to_space': {
      const [height, width, channels] = image(input)
      const { blockSize } = operator
      const left = channels / blockSize ** 2
      return Number.isInteger(left) ? [height * blockSize, width * blockSize, left] : undefined
    }
    default:
      return input
  }
}

/** The shape that all are broadcast to, last axes aligned, as in TensorFlow and NumPy. */
function broadcast(shapes: readonly Shape[]): Shape | undefined {
  const rank = Math.max(...shapes.map((shape) => shape.length))
  const result = new Array<number>(rank).fill(1)
  for (const shape of shapes) {
    for (const [index, size] of shape.entries()) {
      const axis = rank - shape.length + index
      if (size === 1 || size === result[axis]) continue
      if (result[axis] !== 1) return undefined
      result[axis] = size
    }
  }
  return result
}

function windowShape(window: DilatedWindow, input: Shape, channels: number): Shape {
  const { size, strides, padding, dilations = [1, 1] } = window
  const [height, width] = [0, 1].map((axis) => {
    const extent = (size[axis] - 1) * dilations[axis] + 1
    const span = padding === 'same' ? input[axis] : input[axis] - extent + 1
    return Math.ceil(span / strides[axis])
  })
  if (!(height > 0 && width > 0 && channels > 0)) {
    throw new LetiError(
      'bad-arch',
      `a window of ${size.join('x')} on ${input.join('x')} leaves no output`,
    )
  }
  return [height, width, channels]
}

/** The output of which the convolution with this window has the size of the input. */
function transposeConvShape(operator: TransposeConv2d, input: Shape): Shape | undefined {
  const { window, outputSize, filters } = operator
  const [height, width] = windowShape(window, [...outputSize, filters], filters)
  return height === input[0] && width === input[1] ? [...outputSize, filters] : undefined
}

/** The input, once it is known that its channels and the filters divide into the groups. */
function grouped({ filters, groups = 1 }: Conv2d, input: Shape): Shape {
  if (input[2] % groups === 0 && filters % groups === 0) return input
  throw misfit(`a convolution of ${filters} filters in ${groups} groups`, [input])
}

function image(shape: Shape): Shape {
  if (shape.length !== 3) throw misfit('an image operator', [shape])
  return shape
}

function misfit(operator: string, inputs: readonly Shape[]): LetiError {
  const shapes = inputs.map((shape) => shape.join('x')).join(', ')
  return new LetiError('bad-arch', `${operator} cannot take inputs of ${shapes}`)
}

import { LetiError } from '@leti/records'
import type { Conv2d, Operator, Shape, Window } from './operators.js'

/**
 * Shape inference: the shape of what `operator` computes from activations of the shapes `inputs`,
 * all without batch, channels last.
 *
 * @throws {LetiError} `bad-arch` where the shapes do not fit the operator
 */
export function outputShape(operator: Operator, inputs: readonly Shape[]): Shape {
  switch (operator.type) {
    case 'input':
      return operator.shape
    case 'conv2d':
      return windowShape(operator.window, grouped(operator, image(inputs[0])), operator.filters)
    case 'depthwise_conv2d':
    case 'max_pool':
    case 'avg_pool':
      return windowShape(operator.window, image(inputs[0]), inputs[0][2])
    case 'batch_norm':
    case 'relu':
    case 'zeros':
      return inputs[0]
    case 'channel_shuffle':
      if (image(inputs[0])[2] % operator.groups !== 0) throw misfit('channel_shuffle', inputs)
      return inputs[0]
    case 'global_avg_pool':
      return [image(inputs[0])[2]]
    case 'dense':
      if (inputs[0].length !== 1) throw misfit('dense', inputs)
      return [operator.units]
    case 'add':
      if (!inputs.every((shape) => sameShape(shape, inputs[0]))) throw misfit('add', inputs)
      return inputs[0]
    case 'concat':
      return concatShape(inputs)
    case 'truncate':
      if (operator.channels > image(inputs[0])[2]) throw misfit('truncate', inputs)
      return [inputs[0][0], inputs[0][1], operator.channels]
  }
}

/** Elements of an activation of this shape. */
export function elements(shape: Shape): number {
  let count = 1
  for (const size of shape) count *= size
  return count
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}

function windowShape({ size, strides, padding }: Window, input: Shape, channels: number): Shape {
  const [height, width] = [0, 1].map((axis) => {
    const span = padding === 'same' ? input[axis] : input[axis] - size[axis] + 1
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

function concatShape(inputs: readonly Shape[]): Shape {
  const [height, width] = image(inputs[0])
  let channels = 0
  for (const shape of inputs) {
    if (shape[0] !== height || shape[1] !== width) throw misfit('concat', inputs)
    channels += shape[2]
  }
  return [height, width, channels]
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

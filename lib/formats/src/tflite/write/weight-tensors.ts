import { elements, filterShape, type Kernel, type Shape } from '@leti/network'
import type { Surroundings } from './kernel-operators.js'
import { transposed } from '../layout.js'

/** Adds a kernel's filter, in TFLite's layout: output channels first. Returns its tensor. */
export function filterTensor(
  kernel: Kernel,
  { graph, weights, inputShapes }: Surroundings,
): number {
  const { name, operator } = kernel
  const layout = tfliteFilter(filterShape(operator, inputShapes[0]) as Shape, operator.type)
  const read = (): Float32Array => layout.from(weights(name, 'filter'))
  return graph.weights(`${name}/filter`, layout.shape, read)
}

/**
 * Adds a kernel's bias. Returns its tensor. One that has none gets zeros, as from the converter:
 * TFLite's convolutions refuse to be without.
 */
export function biasTensor(kernel: Kernel, { graph, weights }: Surroundings): number {
  const { name, bias, shape } = kernel
  const size = shape[shape.length - 1]
  const read = (): Float32Array => (bias ? weights(name, 'bias') : new Float32Array(size))
  return graph.weights(`${name}/bias`, [size], read)
}

interface FilterLayout {
  readonly shape: Shape
  /** From TensorFlow's layout to TFLite's. */
  from(values: Float32Array): Float32Array
  /** From TFLite's layout to TensorFlow's. */
  to(values: Float32Array): Float32Array
}

/** How TFLite lays out a filter that has this shape in TensorFlow. */
export function tfliteFilter(shape: Shape, type: string): FilterLayout {
  if (type === 'depthwise_conv2d') {
    const [height, width, channels, multiplier] = shape
    const same = (values: Float32Array): Float32Array => values
    return { shape: [1, height, width, channels * multiplier], from: same, to: same }
  }
  // All else is a matrix to transpose; in a transposed convolution one of rows of inputs.
  const inner = type === 'transpose_conv2d' ? shape.slice(3) : []
  const matrix = shape.slice(0, shape.length - inner.length)
  const columns = matrix[matrix.length - 1]
  const rows = elements(matrix) / columns
  return {
    shape: [columns, ...matrix.slice(0, -1), ...inner],
    from: (values) => transposed(values, rows, columns, elements(inner)),
    to: (values) => transposed(values, columns, rows, elements(inner)),
  }
}

import { elements, type OperatorType, type Shape } from '@leti/network'
import { transposed } from '../weights/transposed.js'

/** How TFLite lays out a filter. */
export interface FilterLayout {
  readonly shape: Shape
  fromTensorFlow(values: Float32Array): Float32Array
  toTensorFlow(values: Float32Array): Float32Array
}

/**
 * TFLite's layout of a filter: output channels first.
 *
 * @param shape of the filter in TensorFlow's layout, as `filterShape` gives it
 * @param type of the operator that has the filter
 */
export function tfliteFilter(shape: Shape, type: OperatorType): FilterLayout {
  if (type === 'depthwise_conv2d') {
    const [height, width, channels, multiplier] = shape
    const same = (values: Float32Array): Float32Array => values
    return {
      shape: [1, height, width, channels * multiplier],
      fromTensorFlow: same,
      toTensorFlow: same,
    }
  }
  // Every other filter is a matrix to transpose; the rows of a transposed convolution's are its inputs.
  const inner = type === 'transpose_conv2d' ? shape.slice(3) : []
  const matrix = shape.slice(0, shape.length - inner.length)
  const columns = matrix[matrix.length - 1]
  const rows = elements(matrix) / columns
  return {
    shape: [columns, ...matrix.slice(0, -1), ...inner],
    fromTensorFlow: (values) => transposed(values, rows, columns, elements(inner)),
    toTensorFlow: (values) => transposed(values, columns, rows, elements(inner)),
  }
}

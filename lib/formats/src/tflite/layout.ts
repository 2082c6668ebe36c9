import { elements, type OperatorType, type Shape } from '@leti/network'

/**
 * Transposes a matrix: `[rows, columns, inner]` becomes `[columns, rows, inner]`.
 *
 * @param inner elements that move together
 */
export function transposed(
  values: Float32Array,
  rows: number,
  columns: number,
  inner = 1,
): Float32Array {
  const result = new Float32Array(values.length)
  if (inner > 1) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const from = (row * columns + column) * inner
        result.set(values.subarray(from, from + inner), (column * rows + row) * inner)
      }
    }
    return result
  }
  // In tiles, so that the lines of both matrices stay in the cache.
  for (let top = 0; top < rows; top += TILE) {
    const bottom = Math.min(top + TILE, rows)
    for (let left = 0; left < columns; left += TILE) {
      const right = Math.min(left + TILE, columns)
      for (let column = left; column < right; column++) {
        let to = column * rows + top
        for (let row = top; row < bottom; row++) result[to++] = values[row * columns + column]
      }
    }
  }
  return result
}

const TILE = 8

/** How TFLite lays out a filter. */
export interface FilterLayout {
  readonly shape: Shape
  fromTensorFlow(values: Float32Array): Float32Array
  toTensorFlow(values: Float32Array): Float32Array
}

/**
 * TFLite's layout of a filter: output channels first.
 *
 * @param shape of the filter in TensorFlow's layout, that of `filterShape`
 * @param type of its operator
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

import { elements, outputAxes, type OperatorType, type Shape } from '@leti/network'
import { transposed } from '../weights/transposed.js'

/** How TFLite lays out a filter. */
export interface FilterLayout {
  readonly shape: Shape
  fromTensorFlow(values: Float32Array): Float32Array
  toTensorFlow(values: Float32Array): Float32Array
}

/**
 * TFLite's layout of a filter: output channels first. Where each input channel has filters of its own,
 * the output's channels stay last, after an axis of size 1.
 *
 * @param shape of the filter in TensorFlow's layout, as `filterShape` gives it
 * @param type of the operator that has the filter
 */
export function tfliteFilter(shape: Shape, type: OperatorType): FilterLayout {
  const [axis, ...others] = outputAxes(type)
  const [before, inner] = [shape.slice(0, axis), shape.slice(axis + 1)]
  if (others.length > 0) {
    const same = (values: Float32Array): Float32Array => values
    const channels = elements(shape.slice(axis))
    return { shape: [1, ...before, channels], fromTensorFlow: same, toTensorFlow: same }
  }
  const [rows, columns] = [elements(before), shape[axis]]
  return {
    shape: [columns, ...before, ...inner],
    fromTensorFlow: (values) => transposed(values, rows, columns, elements(inner)),
    toTensorFlow: (values) => transposed(values, columns, rows, elements(inner)),
  }
}

import { isConstant, type Value } from '../../importer/value.js'
import type { Operation, Result } from '../../importer/operation.js'
import type { Call, NodeResult } from './call.js'
import { channelsLast, OrderedTensor } from './ordered-tensor.js'

/**
 * Applies an operator of images to the first input, with its channels last. Rows of
 * `[1, channels, length]` are treated as images of height 1.
 */
export function onImage(call: Call, run: (op: Operation, image: Value) => Result): NodeResult {
  const { op } = call
  const value = call.input(0).channelsLast(op)
  if (!value || isConstant(value)) return undefined
  if (value.shape.length > 3) return fromImage(run(op, value))
  if (value.shape.length !== 3) return undefined
  const image = op.named('image').reshape(value, value.shape.toSpliced(1, 0, 1))
  const result = image && run(op, image)
  const rows = result && op.named('rows').reshape(result, result.shape.toSpliced(1, 1))
  return rows && new OrderedTensor(rows, channelsLast(3))
}

export function fromImage(image: Result): OrderedTensor | undefined {
  return image && new OrderedTensor(image, channelsLast(image.shape.length))
}

import type { Resize } from '@leti/network'
import type { Value } from './value.js'
import { inferredShape } from './assembly.js'
import type { Operation, Result } from './operation.js'
import { isCount, isImage } from './windows.js'

// Operators that move the pixels of an image, `[1, height, width, channels]`.

export function resize(op: Operation, input: Value, operator: Resize): Result {
  const { size } = operator
  if (size.length !== 2 || !size.every(isCount) || !isImage(input)) return undefined
  const shape = [1, ...size, input.shape[3]]
  return op.assembly.add(op.name, operator, [input], shape, input.isPositive)
}

/** Moves channels into blocks of pixels. The position in the block is the slowest axis of the channels. */
export function depthToSpace(op: Operation, input: Value, blockSize: number): Result {
  if (!isCount(blockSize) || !isImage(input)) return undefined
  const operator = { type: 'depth_to_space', blockSize } as const
  const shape = [1, ...inferredShape(operator, [input.shape.slice(1)])]
  return op.assembly.add(op.name, operator, [input], shape, input.isPositive)
}

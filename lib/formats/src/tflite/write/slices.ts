import type { Kernel } from '@leti/network'
import type { OperatorOf } from '@leti/network'
import { argument, rankOf, type Draft, type KernelContext } from './kernel-operators.js'

/** Slices the first channels of an image. */
export function truncate(
  kernel: Kernel,
  _operator: OperatorOf<'truncate'>,
  context: KernelContext,
): Draft {
  const begin = kernel.shape.map(() => 0)
  return contiguous(kernel, begin, context)
}

export function slice(
  kernel: Kernel,
  { begin, strides }: OperatorOf<'slice'>,
  context: KernelContext,
): Draft {
  return strides ? strided(kernel, begin, strides, context) : contiguous(kernel, begin, context)
}

function contiguous(kernel: Kernel, begin: readonly number[], context: KernelContext): Draft {
  const range = [
    argument(kernel, context, 'begin', [0, ...begin]),
    argument(kernel, context, 'size', [1, ...kernel.shape]),
  ]
  const version = rankOf(kernel) > 4 ? 5 : 1
  return { builtin: 'SLICE', inputs: [...context.inputs, ...range], version }
}

function strided(
  kernel: Kernel,
  begin: readonly number[],
  strides: readonly number[],
  context: KernelContext,
): Draft {
  const end = begin.map((first, axis) => first + kernel.shape[axis] * strides[axis])
  const range = [
    argument(kernel, context, 'begin', [0, ...begin]),
    argument(kernel, context, 'end', [1, ...end.map((last) => Math.max(last, 0))]),
    argument(kernel, context, 'strides', [1, ...strides]),
  ]
  // No index denotes the position before the first element: a bit of the mask means "to the end".
  const end_mask = end.reduce((mask, last, axis) => (last < 0 ? mask | (2 << axis) : mask), 0)
  return {
    builtin: 'STRIDED_SLICE',
    inputs: [...context.inputs, ...range],
    options: { end_mask },
    version: rankOf(kernel) > 4 ? 4 : 1,
  }
}

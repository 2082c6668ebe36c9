import { elements, type Size } from '@leti/network'
import type { Value } from './value.js'
import { inferredShape } from './assembly.js'
import { floatsOf, type Constant } from './constant.js'
import type { Operation, Result } from './operation.js'
import type { Filter, Weighted } from './product.js'
import { isCount, isImage, isWindow, paddingRule, windowed, type FileWindow } from './windows.js'

/** Convolves an image of `[1, height, width, channels]`. */
export function convolution(
  op: Operation,
  input: Value,
  window: FileWindow,
  filter: Filter,
  isDepthwise: boolean,
  bias?: Constant,
): Result {
  if (!isImage(input) || !isFilter(filter) || !isWindow(window)) return undefined
  const [, , inputs, outputs] = filter.shape
  const channels = input.shape[3]
  const groups = channels / inputs
  if (!isCount(groups) || (isDepthwise && groups !== 1)) return undefined
  const image = windowed(op, input, window)
  if (!image) return undefined
  const common = { window: image.window, bias: bias !== undefined } as const
  const operator: Weighted = isDepthwise
    ? { type: 'depthwise_conv2d', ...common, ...(outputs > 1 && { multiplier: outputs }) }
    : { type: 'conv2d', filters: outputs, ...common, ...(groups > 1 && { groups }) }
  return product(op, image.input, operator, filter, bias)
}

/** The gradient of a convolution with respect to its input; the filter is `[height, width, out, in]`. */
export function transposedConvolution(
  op: Operation,
  input: Value,
  window: FileWindow,
  filter: Filter,
  outputSize: Size,
  bias?: Constant,
): Result {
  const { size, strides, dilations } = window
  if (!isImage(input) || !isFilter(filter) || !isWindow(window)) return undefined
  const [, , outputs, inputs] = filter.shape
  const padding = paddingRule(outputSize, window)
  const fits = outputSize.every(isCount) && dilations.every((of) => of === 1)
  if (!fits || !padding || input.shape[3] !== inputs) return undefined
  const operator = {
    type: 'transpose_conv2d',
    filters: outputs,
    window: { size, strides, padding },
    bias: bias !== undefined,
    outputSize,
  } as const
  return product(op, input, operator, filter, bias)
}

/** Adds the bias, if any; `undefined` if it does not fit. */
export function withBias(result: Result, op: Operation, bias: Constant | undefined): Result {
  return result && bias ? op.binary('add', result, bias) : result
}

function product(
  op: Operation,
  input: Value,
  operator: Weighted,
  filter: Filter,
  bias: Constant | undefined,
): Result {
  const shape = [1, ...inferredShape(operator, [input.shape.slice(1)])]
  if (bias && elements(bias.shape) !== shape[3]) return undefined
  return op.assembly.product(
    {
      name: op.name,
      operator,
      shape,
      channels: shape[3],
      filter,
      ...(bias && { bias: () => floatsOf(bias) }),
    },
    input,
  )
}

function isFilter({ shape }: Filter): boolean {
  return shape.length === 4 && elements(shape) > 0
}

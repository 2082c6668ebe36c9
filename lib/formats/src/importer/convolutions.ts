import {
  elements,
  membersOfFilter,
  type Convolution,
  type Shape,
  type Size,
  type TransposeConv2d,
} from '@leti/network'
import { isConstant, type Value } from './value.js'
import { inferredShape } from './assembly.js'
import { floatsOf, type Constant } from './constant.js'
import type { Operation, Result } from './operation.js'
import type { Filter, Weighted } from './product.js'
import { isCount, isImage, isWindow, paddingRule, windowed, type FileWindow } from './windows.js'

/** Convolutions whose members follow from their window and the shape of their filter. */
type PlainConvolution = Exclude<Convolution, TransposeConv2d>

/** Convolves an image of `[1, ..., channels]` with a window over all axes between. */
export function convolution(
  op: Operation,
  type: PlainConvolution['type'],
  input: Value,
  window: FileWindow<Shape>,
  filter: Filter,
  bias?: Constant,
): Result {
  const rank = input.shape.length
  if (!isConstant(input) && op.assembly.isParts(input.shape)) {
    return ofEach(op, input, (own, part) => convolution(own, type, part, window, filter, bias))
  }
  if (isConstant(input) || input.shape[0] !== 1 || !isWindow(window, rank - 2)) return undefined
  if (!isFilter(filter, rank)) return undefined
  const image = windowed(op, input, window)
  const members = membersOfFilter(type, filter.shape, input.shape.slice(1))
  if (!image || !members) return undefined
  const operator = { type, window: image.window, bias: bias !== undefined, ...members }
  return product(op, image.input, operator as PlainConvolution, filter, bias)
}

/** Convolves parts of an image that the file has stacked as if they were a batch. */
function ofEach(
  op: Operation,
  input: Value,
  convolve: (op: Operation, part: Value) => Result,
): Result {
  const [count, ...sizes] = input.shape
  const results = Array.from({ length: count }, (_, at) => {
    const own = op.named(`part${at}`)
    const part = own.named('of').slice(input, [at, ...sizes.map(() => 0)], [1, ...sizes])
    return part && convolve(own, part)
  })
  return results.every((of) => of !== undefined) ? op.concat(results, 0) : undefined
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
  if (!isImage(input) || !isFilter(filter, 4) || !isWindow(window)) return undefined
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
  const channels = shape[shape.length - 1]
  if (bias && elements(bias.shape) !== channels) return undefined
  return op.assembly.product(
    {
      name: op.name,
      operator,
      shape,
      channels,
      filter,
      ...(bias && { bias: () => floatsOf(bias), biasSource: bias }),
    },
    input,
  )
}

function isFilter({ shape }: Filter, rank: number): boolean {
  return shape.length === rank && elements(shape) > 0
}

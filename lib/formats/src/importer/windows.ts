import { sameShape, type DilatedWindow, type Shape, type Size } from '@leti/network'
import { isConstant, type ComputedTensor, type Value } from './value.js'
import { inferredShape } from './assembly.js'
import { constantOf, type Constant } from './constant.js'
import type { Operation, Result } from './operation.js'

/** Padding along each axis. */
export type Pads = readonly (readonly [before: number, after: number])[]

/**
 * The window of a file's operator, with one number for each axis. Its padding is one of TensorFlow's rules,
 * or explicit.
 */
export interface FileWindow<S extends Shape = Size> {
  readonly size: S
  readonly strides: S
  readonly dilations: S
  readonly padding: 'same' | 'valid' | Pads
}

/**
 * Pools an image of `[1, height, width, channels]`.
 *
 * @param counted pads whose zeros count in a mean, as far as the window's padding holds them; absent for none
 */
export function pool(
  op: Operation,
  type: 'max_pool' | 'avg_pool',
  input: Value,
  window: FileWindow,
  counted?: Pads,
): Result {
  if (!isImage(input) || !isWindow(window) || window.dilations.some((of) => of > 1)) {
    return undefined
  }
  const isMean = type === 'avg_pool'
  const image = windowed(op, input, window, isMean && counted !== undefined)
  if (!image) return undefined
  const isPadded = image.input !== input
  // Padding with zeros does not change the maximum of non-negative elements.
  if (isPadded && !isMean && !input.isPositive) return undefined
  const correction = isPadded && isMean && !isAllCounted(window, counted)
  const { size, strides, padding } = image.window
  const operator = { type, window: { size, strides, padding } } as const
  const shape = [1, ...inferredShape(operator, [image.input.shape.slice(1)])]
  const name = correction ? op.named('sum').name : op.name
  const pooled = op.assembly.add(name, operator, [image.input], shape, input.isPositive)
  return correction ? op.binary('mul', pooled, sharesInside(input, window, shape, counted)) : pooled
}

function isAllCounted({ padding }: FileWindow, counted: Pads | undefined): boolean {
  if (!counted || typeof padding === 'string') return false
  return padding.every((pads, axis) => sameShape(pads, counted[axis]))
}

/** By how much a mean over a window is too small if all zeros beside the image count, for each window. */
function sharesInside(
  input: ComputedTensor,
  window: FileWindow,
  [, ...shape]: Shape,
  counted: Pads | undefined,
): Constant {
  const { size, strides, padding } = window
  const lengths = size.map((length, axis) => {
    const [before, after] = counted?.[axis] ?? [0, 0]
    return Array.from({ length: shape[axis] }, (_, step) => {
      const begin = step * strides[axis] - (typeof padding === 'string' ? 0 : padding[axis][0])
      const end = Math.min(begin + length, input.shape[axis + 1] + after)
      return length / Math.max(end - Math.max(begin, -before), 1)
    })
  })
  const [rows, columns] = lengths
  const shares = rows.flatMap((row) => columns.map((column) => row * column))
  return { ...constantOf(shares, [1, rows.length, columns.length, 1], true), isFixed: true }
}

/**
 * The image and window of a convolution or pooling. A padding that matches none of TensorFlow's rules
 * becomes a pad operator before it.
 *
 * @param asZeros pads even if a rule matches
 */
export function windowed<S extends Shape>(
  op: Operation,
  input: ComputedTensor,
  window: FileWindow<S>,
  asZeros = false,
): { input: ComputedTensor; window: DilatedWindow<S> } | undefined {
  const { size, strides, dilations, padding } = window
  const isDilated = dilations.some((of) => of > 1)
  const plain = { size, strides, ...(isDilated && { dilations }) }
  const rule = paddingRule(input.shape.slice(1, -1), window)
  if (rule && !(asZeros && rule === 'same')) return { input, window: { ...plain, padding: rule } }
  if (typeof padding === 'string') return undefined
  const image = op.named('pad').pad(input, [[0, 0], ...padding, [0, 0]])
  if (!image || isConstant(image)) return undefined
  return { input: image, window: { ...plain, padding: 'valid' } }
}

/** TensorFlow's rule that pads an image of this size in the same way; undefined if there is none. */
export function paddingRule(image: Shape, window: FileWindow<Shape>): 'same' | 'valid' | undefined {
  const { padding } = window
  if (typeof padding === 'string') return padding
  if (padding.flat().every((count) => count === 0)) return 'valid'
  const same = samePads(window, image, 'after')
  return padding.every((pads, axis) => sameShape(pads, same[axis])) ? 'same' : undefined
}

/**
 * The pads for which a window gives `ceil(length / stride)` elements along each axis.
 *
 * @param odd where the larger pad goes if the total is odd; TensorFlow puts it after the image
 */
export function samePads(
  { size, strides, dilations }: Omit<FileWindow<Shape>, 'padding'>,
  image: Shape,
  odd: 'before' | 'after',
): Pads {
  return size.map((length, axis) => {
    const extent = (length - 1) * dilations[axis] + 1
    const steps = Math.ceil(image[axis] / strides[axis])
    const total = Math.max((steps - 1) * strides[axis] + extent - image[axis], 0)
    const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)]
    return odd === 'before' ? [more, less] : [less, more]
  })
}

export function isImage(value: Value): value is ComputedTensor {
  return !isConstant(value) && value.shape.length === 4 && value.shape[0] === 1
}

/** Whether the window has a valid number for each of its axes, as many as the image has. */
export function isWindow(window: FileWindow<Shape>, axes = 2): boolean {
  const { size, strides, dilations, padding } = window
  const isPadding = typeof padding === 'string' || padding.flat().every(isWhole)
  const lists = [size, strides, dilations]
  return lists.every((list) => list.length === axes && list.every(isCount)) && isPadding
}

export function isCount(value: number): boolean {
  return isWhole(value) && value > 0
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 31
}

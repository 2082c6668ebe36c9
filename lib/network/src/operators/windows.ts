import { LetiError } from '@leti/records'
import type { Shape, Size } from './shapes.js'

export type Padding = 'same' | 'valid'

/** The window that a convolution or a pool slides over the image, with one number for each axis. */
export interface Window<S extends readonly number[] = Size> {
  readonly size: S
  readonly strides: S
  readonly padding: Padding
}

/** A window with gaps between its elements; `dilations` defaults to 1. */
export interface DilatedWindow<S extends readonly number[] = Size> extends Window<S> {
  readonly dilations?: S
}

/**
 * Shape of the image that a window makes of an image.
 *
 * @param channels of the output
 * @throws {LetiError} `bad-arch` if the window does not fit into the image
 */
export function windowShape(
  window: DilatedWindow<readonly number[]>,
  input: Shape,
  channels: number,
): Shape {
  const { size, strides, padding, dilations } = window
  const lengths = size.map((length, axis) => {
    const extent = (length - 1) * (dilations?.[axis] ?? 1) + 1
    const span = padding === 'same' ? input[axis] : input[axis] - extent + 1
    return Math.ceil(span / strides[axis])
  })
  const shape = [...lengths, channels]
  if (!shape.every((length) => length > 0)) {
    throw new LetiError(
      'bad-arch',
      `a window of ${size.join('x')} on an image of ${input.join('x')} leaves no output`,
    )
  }
  return shape
}

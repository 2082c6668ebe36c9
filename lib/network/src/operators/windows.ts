import { LetiError } from '@leti/records'
import type { Shape, Size } from './shapes.js'

export type Padding = 'same' | 'valid'

/** The window that a convolution or a pool slides over the image. */
export interface Window {
  readonly size: Size
  readonly strides: Size
  readonly padding: Padding
}

/** A window with gaps between its elements; `dilations` defaults to 1. */
export interface DilatedWindow extends Window {
  readonly dilations?: Size
}

/**
 * Shape of the image that a window makes of an image.
 *
 * @param channels of the output
 * @throws {LetiError} `bad-arch` if the window does not fit into the image
 */
export function windowShape(window: DilatedWindow, input: Shape, channels: number): Shape {
  const { size, strides, padding, dilations = [1, 1] } = window
  const [height, width] = [0, 1].map((axis) => {
    const extent = (size[axis] - 1) * dilations[axis] + 1
    const span = padding === 'same' ? input[axis] : input[axis] - extent + 1
    return Math.ceil(span / strides[axis])
  })
  if (!(height > 0 && width > 0 && channels > 0)) {
    throw new LetiError(
      'bad-arch',
      `a window of ${size.join('x')} on an image of ${input.join('x')} leaves no output`,
    )
  }
  return [height, width, channels]
}

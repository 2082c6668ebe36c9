import type { Shape, Size } from '@leti/network'
import { samePads, type FileWindow, type Pads } from '../../importer/windows.js'
import type { Call } from './call.js'

export const NO_PADS: Pads = [
  [0, 0],
  [0, 0],
]

/**
 * The window of a convolution or pooling.
 *
 * @param size of the window along each axis
 * @param image the input's size along each axis
 * @returns undefined if the padding is unknown
 */
export function windowOf<const S extends Shape>(
  call: Call,
  size: S,
  image: S,
): FileWindow<S> | undefined {
  const ones = size.map(() => 1)
  const [strides, dilations] = ['strides', 'dilations'].map(
    (name) => imageSize(call.ints(name) ?? ones) as S,
  )
  const window = { size, strides, dilations }
  switch (call.text('auto_pad', 'NOTSET')) {
    case 'NOTSET': {
      const padding = explicitPads(call.ints('pads') ?? [], size.length)
      return padding && { ...window, padding }
    }
    case 'VALID':
      return { ...window, padding: 'valid' }
    case 'SAME_UPPER':
      return { ...window, padding: 'same' }
    case 'SAME_LOWER':
      return { ...window, padding: samePads(window, image, 'before') }
    default:
      return undefined
  }
}

/** The list has the pads before each axis first, then those after. A row has pads for its width only. */
function explicitPads(list: Shape, axes: number): Pads | undefined {
  const stated = list.length / 2
  if (!Number.isInteger(stated) || stated > axes) return undefined
  const first = axes - stated
  return Array.from({ length: axes }, (_, axis) =>
    axis < first ? [0, 0] : [list[axis - first], list[axis - first + stated]],
  )
}

/** Height and width; a row has only a width. */
export function imageSize(list: Shape): Shape {
  return list.length === 1 ? [1, list[0]] : list
}

/** A number for the height and one for the width. */
export function pair(of: (axis: 0 | 1) => number): Size {
  return [of(0), of(1)]
}

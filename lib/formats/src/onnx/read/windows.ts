import type { Size } from '@leti/network'
import { samePads, type FileWindow, type Pads } from '../../importer/windows.js'
import type { Call } from './call.js'

export const NO_PADS: Pads = [
  [0, 0],
  [0, 0],
]

/**
 * The window of a convolution or pooling.
 *
 * @param size of the window: height and width
 * @param image height and width of the input
 * @returns undefined if the padding is unknown
 */
export function windowOf(call: Call, size: Size, image: Size): FileWindow | undefined {
  const strides = imageSize(call.ints('strides') ?? [1, 1])
  const dilations = imageSize(call.ints('dilations') ?? [1, 1])
  const window = { size, strides, dilations }
  switch (call.text('auto_pad', 'NOTSET')) {
    case 'NOTSET': {
      const padding = explicitPads(call.ints('pads') ?? [])
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

/** The list has the pads before each axis first, then those after. */
function explicitPads(list: readonly number[]): Pads | undefined {
  const rank = list.length / 2
  if (rank > 2) return undefined
  const [before, after] = [imagePads(list.slice(0, rank)), imagePads(list.slice(rank))]
  return [
    [before[0], after[0]],
    [before[1], after[1]],
  ]
}

/** Height and width; a row has only a width. */
export function imageSize(list: readonly number[]): Size {
  return list.length === 1 ? [1, list[0]] : [list[0], list[1]]
}

function imagePads(list: readonly number[]): Size {
  return list.length === 1 ? [0, list[0]] : [list[0] ?? 0, list[1] ?? 0]
}

/** A number for the height and one for the width. */
export function pair(of: (axis: 0 | 1) => number): Size {
  return [of(0), of(1)]
}

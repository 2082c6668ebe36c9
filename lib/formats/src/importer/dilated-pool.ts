import type { Operation, Result } from './operation.js'
import { isImage, isWindow, samePads, type FileWindow, type Pads } from './windows.js'
import { isConstant, type Value } from './value.js'

/** Limit on the elements of a window: each is a slice of the image. */
const MAX_ELEMENTS = 64

/**
 * The maximum over a window with gaps, which no runtime has for which LETI writes: the maximum of slices of the
 * image, one for each element of the window.
 */
export function dilatedMaxPool(op: Operation, input: Value, window: FileWindow): Result {
  const { size, strides, dilations } = window
  if (!isImage(input) || !isWindow(window) || size[0] * size[1] > MAX_ELEMENTS) return undefined
  const pads = padsOf(window, input.shape.slice(1, 3))
  // Padding with zeros does not change the maximum of non-negative elements.
  if (pads.flat().some((count) => count > 0) && !input.isPositive) return undefined
  const image = op.named('pad').pad(input, [[0, 0], ...pads, [0, 0]])
  if (!image || isConstant(image)) return undefined
  const [height, width] = size.map((length, axis) => {
    const extent = (length - 1) * dilations[axis] + 1
    return Math.floor((image.shape[axis + 1] - extent) / strides[axis]) + 1
  })
  let result: Result
  for (let at = 0; at < size[0] * size[1]; at++) {
    const [row, column] = [Math.floor(at / size[1]), at % size[1]]
    const slice = op
      .named(`element${at}`)
      .slice(
        image,
        [0, row * dilations[0], column * dilations[1], 0],
        [1, height, width, image.shape[3]],
        [1, ...strides, 1],
      )
    const isLast = at === size[0] * size[1] - 1
    const own = isLast ? op : op.named(`maximum${at}`)
    result = slice && (at === 0 ? slice : result && own.binary('maximum', result, slice))
    if (!result) return undefined
  }
  return result
}

function padsOf(window: FileWindow, image: readonly number[]): Pads {
  const { padding } = window
  if (typeof padding !== 'string') return padding
  return padding === 'same' ? samePads(window, image, 'after') : image.map(() => [0, 0])
}

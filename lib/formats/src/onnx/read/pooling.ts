import type { Shape } from '@leti/network'
import { dilatedMaxPool } from '../../importer/dilated-pool.js'
import { pool, type FileWindow, type Pads } from '../../importer/windows.js'
import type { Call, NodeResult, Readers } from './call.js'
import { onImage } from './images-and-rows.js'
import { imageSize, NO_PADS, pair, windowOf } from './windows.js'

export const POOLING: Readers = [
  ['MaxPool', maxPool],
  ['AveragePool', averagePool],
]

function maxPool(call: Call): NodeResult {
  return pooling(call, 'max_pool')
}

export function averagePool(call: Call): NodeResult {
  return pooling(call, 'avg_pool')
}

function pooling(call: Call, type: 'max_pool' | 'avg_pool'): NodeResult {
  const kernel = call.ints('kernel_shape')
  if (!kernel || kernel.length > 2 || call.int('storage_order')) return undefined
  const [height, width] = imageSize(kernel)
  return onImage(call, (op, image) => {
    const window = windowOf(call, [height, width], [image.shape[1], image.shape[2]])
    if (type === 'max_pool' && window?.dilations.some((of) => of > 1)) {
      return call.int('ceil_mode') ? undefined : dilatedMaxPool(op, image, window)
    }
    return (
      window && pool(op, type, image, roundedUp(call, window, image.shape), counted(call, window))
    )
  })
}

/** The pads whose zeros count in a mean: those that the node states, not those of windows that end outside. */
function counted(call: Call, { padding }: FileWindow): Pads | undefined {
  if (!call.int('count_include_pad')) return undefined
  return typeof padding === 'string' ? NO_PADS : padding
}

/** With `ceil_mode` windows that start inside the image may end outside: pads are added for them. */
function roundedUp(call: Call, window: FileWindow, shape: Shape): FileWindow {
  const { size, strides, padding } = window
  if (!call.int('ceil_mode') || typeof padding === 'string') return window
  const after = pair((axis) => {
    const [before, stated] = padding[axis]
    const length = shape[axis + 1]
    let steps = Math.ceil((length + before + stated - size[axis]) / strides[axis])
    if (steps * strides[axis] >= length + before) steps--
    return Math.max(steps * strides[axis] + size[axis] - length - before, stated)
  })
  return {
    ...window,
    padding: [
      [padding[0][0], after[0]],
      [padding[1][0], after[1]],
    ],
  }
}

import { free, type Entries, type OperatorEntry } from './entry.js'
import { isFlag, isSize } from './members.js'
import { isImage, type Size } from './shapes.js'

/** The two flags are TensorFlow's: they say which points of the two images coincide. */
export interface Resize {
  readonly type: 'resize_bilinear' | 'resize_nearest'
  readonly size: Size
  readonly alignCorners: boolean
  readonly halfPixelCenters: boolean
}

const RESIZE = {
  family: 'resize',
  arity: 1,
  members: { size: isSize, alignCorners: isFlag, halfPixelCenters: isFlag },
  shape: ({ size }, [input]) => (isImage(input) ? [...size, input[2]] : undefined),
  cost: free,
} as const satisfies OperatorEntry<Resize>

export const RESIZES: Entries<Resize> = { resize_bilinear: RESIZE, resize_nearest: RESIZE }

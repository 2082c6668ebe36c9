import type { Operator } from '@leti/network'

/**
 * Keeps one corner of an image. Every runtime computes this max pool from the corner alone, whereas the
 * `slice` of TensorFlow.js copies the whole image.
 */
export function cornerOf([height, width]: readonly number[]): Operator {
  return {
    type: 'max_pool',
    window: { size: [2, 2], strides: [height, width], padding: 'valid' },
  }
}

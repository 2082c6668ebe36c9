import type { DilatedWindow } from '@leti/network'
import { PADDING } from '../schema.js'

/** The options of an operator with a window, by their names in the schema. */
export function windowOptions({ strides, padding, dilations }: DilatedWindow) {
  return {
    padding: PADDING.indexOf(padding),
    stride_h: strides[0],
    stride_w: strides[1],
    dilation_h_factor: dilations?.[0] ?? 1,
    dilation_w_factor: dilations?.[1] ?? 1,
  }
}

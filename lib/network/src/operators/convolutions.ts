import type { Entries } from './entry.js'
import {
  dilatedWindowOf,
  isCount,
  isDilatedWindow,
  isFlag,
  isSize,
  isVolume,
  isWindow,
  optional,
} from './members.js'
import { channelsOf, elements, isImage, type Size, type Volume } from './shapes.js'
import { weighted } from './weighted.js'
import { windowShape, type DilatedWindow, type Window } from './windows.js'

export interface Conv2d {
  readonly type: 'conv2d'
  readonly filters: number
  readonly window: DilatedWindow
  readonly bias: boolean
  /** Groups of channels that are convolved separately; 1 if absent. */
  readonly groups?: number
}

export interface DepthwiseConv2d {
  readonly type: 'depthwise_conv2d'
  readonly window: DilatedWindow
  readonly bias: boolean
  /** Filters per channel; 1 if absent. */
  readonly multiplier?: number
}

/** A convolution of a volume, `[depth, height, width, channels]`, such as a video or a scan. */
export interface Conv3d {
  readonly type: 'conv3d'
  readonly filters: number
  readonly window: DilatedWindow<Volume>
  readonly bias: boolean
}

/** The gradient of a convolution with respect to its input: strides enlarge the image to `outputSize`. */
export interface TransposeConv2d {
  readonly type: 'transpose_conv2d'
  readonly filters: number
  readonly window: Window
  readonly bias: boolean
  readonly outputSize: Size
}

export type Convolution = Conv2d | DepthwiseConv2d | Conv3d | TransposeConv2d

export const CONVOLUTIONS: Entries<Convolution> = {
  conv2d: {
    family: 'product',
    arity: 1,
    members: {
      filters: isCount,
      window: isDilatedWindow,
      bias: isFlag,
      groups: optional(isCount),
    },
    shape: ({ filters, window, groups = 1 }, [input]) => {
      if (!isImage(input) || input[2] % groups !== 0 || filters % groups !== 0) return undefined
      return windowShape(window, input, filters)
    },
    filter: {
      shape: ({ filters, window, groups = 1 }, input) => [
        ...window.size,
        input[2] / groups,
        filters,
      ],
      outputAxes: [3],
      members: ([, , inputs, filters], input) => {
        const groups = channelsOf(input) / inputs
        return isCount(groups) ? { filters, ...(groups > 1 && { groups }) } : undefined
      },
    },
    cost: (conv, { output, filter }) => weighted(conv, output, filter, output[0] * output[1]),
    resized: (conv, replaced) => ({ ...conv, filters: replaced(conv.filters) }),
  },
  depthwise_conv2d: {
    family: 'window',
    arity: 1,
    members: { window: isDilatedWindow, bias: isFlag, multiplier: optional(isCount) },
    shape: ({ window, multiplier = 1 }, [input]) =>
      isImage(input) ? windowShape(window, input, input[2] * multiplier) : undefined,
    filter: {
      shape: ({ window, multiplier = 1 }, input) => [...window.size, input[2], multiplier],
      outputAxes: [2, 3],
      members: ([, , inputs, multiplier], input) =>
        inputs === channelsOf(input) ? (multiplier > 1 ? { multiplier } : {}) : undefined,
    },
    cost: (conv, { output, filter }) => weighted(conv, output, filter, output[0] * output[1]),
  },
  conv3d: {
    family: 'product',
    arity: 1,
    members: { filters: isCount, window: dilatedWindowOf(isVolume), bias: isFlag },
    shape: ({ filters, window }, [input]) =>
      input.length === 4 ? windowShape(window, input, filters) : undefined,
    filter: {
      shape: ({ filters, window }, input) => [...window.size, channelsOf(input), filters],
      outputAxes: [4],
      members: ([, , , inputs, filters], input) =>
        inputs === channelsOf(input) ? { filters } : undefined,
    },
    cost: (conv, { output, filter }) =>
      weighted(conv, output, filter, elements(output.slice(0, -1))),
    resized: (conv, replaced) => ({ ...conv, filters: replaced(conv.filters) }),
  },
  transpose_conv2d: {
    family: 'product',
    arity: 1,
    members: { filters: isCount, window: isWindow, bias: isFlag, outputSize: isSize },
    // The convolution with this window must turn the output back into the size of the input.
    shape: ({ filters, window, outputSize }, [input]) => {
      if (!isImage(input)) return undefined
      const output = [...outputSize, filters]
      const [height, width] = windowShape(window, output, filters)
      return height === input[0] && width === input[1] ? output : undefined
    },
    filter: {
      shape: ({ filters, window }, input) => [...window.size, filters, input[2]],
      outputAxes: [2],
    },
    // The filter is applied once at each pixel of the input, not of the output.
    cost: (conv, { inputs: [input], output, filter }) =>
      weighted(conv, output, filter, input[0] * input[1]),
  },
}

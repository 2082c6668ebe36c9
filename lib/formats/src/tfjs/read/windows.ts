import type { Size } from '@leti/network'
import type { FileWindow, Pads } from '../../importer/windows.js'
import type { GraphNode } from './graph-node.js'

/**
 * The window of a convolution or pooling.
 *
 * @param size of the window: height, width, and whatever follows
 * @returns undefined if the node has its channels first or its attributes are incomplete
 */
export function windowOf(node: GraphNode, size: readonly number[]): FileWindow | undefined {
  const strides = node.numbers('strides')
  const dilations = node.has('dilations') ? node.numbers('dilations') : []
  if (!node.isChannelsLast() || size.length < 2 || strides.length !== 4) return undefined
  if (![0, 4].includes(dilations.length)) return undefined
  const padding = paddingOf(node)
  return (
    padding && {
      size: [size[0], size[1]],
      strides: pairAt(strides, 1),
      dilations: dilations.length > 0 ? pairAt(dilations, 1) : [1, 1],
      padding,
    }
  )
}

function paddingOf(node: GraphNode): FileWindow['padding'] | undefined {
  const padding = node.text('padding').toLowerCase()
  if (padding === 'same' || padding === 'valid') return padding
  const counts = node.numbers('explicit_paddings')
  const pads: Pads = [pairAt(counts, 2), pairAt(counts, 4)]
  return padding === 'explicit' && counts.length === 8 ? pads : undefined
}

function pairAt(list: readonly number[], at: number): Size {
  return [list[at], list[at + 1]]
}

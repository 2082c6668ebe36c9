import type { Shape } from '@leti/network'
import type { FileWindow, Pads } from '../../importer/windows.js'
import type { GraphNode } from './graph-node.js'

/**
 * The window of a convolution or pooling.
 *
 * @param size of the window along each axis
 * @returns undefined if the node has its channels first or its attributes are incomplete
 */
export function windowOf<const S extends Shape>(
  node: GraphNode,
  size: S,
): FileWindow<S> | undefined {
  const rank = size.length + 2
  const strides = node.numbers('strides')
  const dilations = node.has('dilations') ? node.numbers('dilations') : []
  if (!node.isChannelsLast() || size.length < 2 || strides.length !== rank) return undefined
  if (![0, rank].includes(dilations.length)) return undefined
  const padding = paddingOf(node, rank)
  // The batch and the channels have numbers of their own.
  const inner = (list: Shape): S => list.slice(1, -1) as Shape as S
  return (
    padding && {
      size,
      strides: inner(strides),
      dilations: dilations.length > 0 ? inner(dilations) : (size.map(() => 1) as Shape as S),
      padding,
    }
  )
}

function paddingOf(node: GraphNode, rank: number): FileWindow['padding'] | undefined {
  const padding = node.text('padding').toLowerCase()
  if (padding === 'same' || padding === 'valid') return padding
  const counts = node.numbers('explicit_paddings')
  const pads: Pads = Array.from({ length: rank - 2 }, (_, axis) => [
    counts[2 * axis + 2],
    counts[2 * axis + 3],
  ])
  return padding === 'explicit' && counts.length === 2 * rank ? pads : undefined
}

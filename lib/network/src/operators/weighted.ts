import type { Work } from './entry.js'
import { channelsOf, type Shape } from './shapes.js'

/**
 * Work of an operator that multiplies its input by a filter and may add a bias.
 *
 * @param filter elements of the filter
 * @param positions how often the whole filter is applied
 */
export function weighted(
  { bias }: { readonly bias: boolean },
  output: Shape,
  filter: number,
  positions: number,
): Work {
  return { macs: positions * filter, parameters: filter + (bias ? channelsOf(output) : 0) }
}

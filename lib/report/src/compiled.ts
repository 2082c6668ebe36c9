import type { Spec as VegaSpec } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import type { Plot } from './data.js'
import type { Point } from './points.js'
import { configOf, type Scheme } from './theme.js'

/** Height of the plotted area, pixels. */
const HEIGHT = 280

/** Where a plot is drawn. */
export interface Canvas {
  readonly scheme: Scheme
  /** Width of the plot, pixels; absent: that of the element it is drawn in. */
  readonly width?: number
  /** Longest name in a legend, pixels. */
  readonly labelLimit?: number
  readonly font?: string
}

/** A plot as Vega draws it. */
export function compiled(
  plot: Plot,
  points: readonly Point[],
  { scheme, width, labelLimit, font }: Canvas,
): VegaSpec {
  const spec = {
    data: { name: 'table', values: points },
    width: width ?? 'container',
    height: HEIGHT,
    ...plot.spec,
    ...(width === undefined && { autosize: { type: 'fit-x', contains: 'padding' } }),
    config: configOf(scheme, font, labelLimit),
  }
  return compile(spec as unknown as TopLevelSpec).spec
}

import type { CurveRow, Plot, Report, Spec } from '../data.js'
import { distinct, extentOf, scaleOf, seriesOf } from './scales.js'

/** What kinds of predictors learn from a few networks: a plot for each device and search space. */
export function curvePlots({ curves }: Omit<Report, 'plots'>): Plot[] {
  const numbers = [...new Set(curves.map(({ curve }) => curve))]
  const kinds = distinct(curves.map(({ kind }) => kind))
  return numbers.map((number) => {
    const own = curves.filter(({ curve }) => curve === number)
    const [{ device, space, networks }] = own
    return {
      id: `learning-curve-${number + 1}`,
      title: `Learning curve: ${space} on ${device}`,
      note:
        `Each kind learns from some of ${networks} networks and predicts the others, in 5 random splits. ` +
        'Vertical lines are standard deviations of the splits. Filters do not change it.',
      section: 'Learning curves',
      source: 'curves',
      spec: specOf(own, kinds),
    }
  })
}

function specOf(curve: readonly CurveRow[], kinds: readonly string[]): Spec {
  const [{ curve: number }] = curve
  const extent = extentOf(curve.map(({ mape }) => mape)) ?? [1, 1]
  const axis = { type: 'quantitative', title: 'MAPE, %', scale: scaleOf(extent) }
  const x = {
    field: 'count',
    type: 'quantitative',
    title: 'Networks to learn from',
    scale: { type: 'log', nice: false, padding: 14 },
    axis: { values: distinct(curve.map(({ count }) => `${count}`)).map(Number), format: 'd' },
  }
  const { color, shape } = seriesOf('kind', kinds) as { color?: object; shape?: object }
  const series = color && { color }
  return {
    transform: [
      { filter: { field: 'curve', equal: number } },
      // A logarithmic axis has no place for 0.
      { calculate: 'max(datum.mape - datum.deviation, datum.mape / 2)', as: 'low' },
      { calculate: 'datum.mape + datum.deviation', as: 'high' },
    ],
    encoding: { x },
    layer: [
      {
        mark: { type: 'rule', opacity: 0.4, clip: true },
        encoding: {
          y: { ...axis, field: 'low' },
          y2: { field: 'high' },
          ...series,
        },
      },
      { mark: 'line', encoding: { y: { ...axis, field: 'mape' }, ...series } },
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 1 },
        encoding: { y: { ...axis, field: 'mape' }, ...series, ...(shape && { shape }) },
      },
    ],
  }
}

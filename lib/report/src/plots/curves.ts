import type { CurveRow, Plot, Report, Spec } from '../data.js'
import { distinct, extentOf, scaleOf, seriesOf } from './scales.js'

/** What kinds of predictors learn from a few networks: a plot for each device and search space. */
export function curvePlots({ curves, accuracy }: Omit<Report, 'plots'>): Plot[] {
  const numbers = [...new Set(curves.map(({ curve }) => curve))]
  const kinds = distinct(curves.map(({ kind }) => kind))
  return numbers.map((number) => {
    const own = curves.filter(({ curve }) => curve === number)
    const [{ device, space, networks }] = own
    const floor = accuracy.find((row) => row.device === device)?.floor
    return {
      id: `learning-curve-${number + 1}`,
      title: `Learning curve: ${space} on ${device}`,
      note:
        `Each kind learns from some of ${networks} networks and predicts the others, in 5 random splits. ` +
        'Vertical lines are standard deviations of the splits.' +
        (floor === undefined ? '' : ' The gray line is the floor: the noise of the measurements.'),
      section: 'Learning curves',
      source: 'curves',
      spec: specOf(own, kinds, floor),
    }
  })
}

function specOf(curve: readonly CurveRow[], kinds: readonly string[], floor?: number): Spec {
  const [{ curve: number }] = curve
  const extent = extentOf([...curve.map(({ mape }) => mape), floor]) ?? [1, 1]
  const axis = { type: 'quantitative', title: 'MAPE, %', scale: scaleOf(extent) }
  const x = {
    field: 'count',
    type: 'quantitative',
    title: 'Networks to learn from',
    scale: { type: 'log', nice: false, padding: 14 },
    axis: { values: distinct(curve.map(({ count }) => `${count}`)).map(Number), format: 'd' },
  }
  const series = seriesOf('kind', kinds) as { color?: object }
  const line = seriesOf('kind', kinds, 'strokeDash') as { strokeDash?: object }
  return {
    transform: [
      { filter: { field: 'curve', equal: number } },
      // A logarithmic axis has no place for 0.
      { calculate: 'max(datum.mape - datum.deviation, datum.mape / 2)', as: 'low' },
      { calculate: 'datum.mape + datum.deviation', as: 'high' },
    ],
    encoding: { x },
    layer: [
      ...(floor === undefined
        ? []
        : [
            {
              data: { values: [{ floor }] },
              mark: { type: 'rule', style: 'reference' },
              encoding: { x: null, y: { ...axis, field: 'floor' } },
            },
          ]),
      {
        mark: { type: 'rule', opacity: 0.4, clip: true },
        encoding: {
          y: { ...axis, field: 'low' },
          y2: { field: 'high' },
          ...(series.color && { color: series.color }),
        },
      },
      { mark: 'line', encoding: { y: { ...axis, field: 'mape' }, ...line } },
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 1 },
        encoding: { y: { ...axis, field: 'mape' }, ...series },
      },
    ],
  }
}

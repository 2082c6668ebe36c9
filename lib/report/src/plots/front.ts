import type { Plot, Report } from '../data.js'
import { pointsOf } from '../points.js'
import { distinct, extentOf, milliseconds, pointMark, scaleOf, seriesOf } from './scales.js'

/** What `search` found: the objective against the predicted latency. */
export function frontPlots(report: Omit<Report, 'plots'>): Plot[] {
  const points = pointsOf({ ...report, plots: [] }, 'predictions').filter(
    ({ objective }) => objective !== undefined,
  )
  if (points.length < 2) return []
  const latencies = extentOf(points.map(({ predicted }) => Number(predicted))) ?? [1, 1]
  const values = extentOf(points.map(({ objective }) => Number(objective))) ?? [1, 1]
  const predictors = distinct(points.map(({ predictor }) => predictor as string))
  return [
    {
      id: 'front',
      title: 'What search found',
      note: 'One point is one network. On a Pareto front, no other network is both faster and better.',
      section: 'Search',
      source: 'predictions',
      point: { x: 'predicted', y: 'objective' },
      spec: {
        transform: [{ filter: { field: 'objective', valid: true } }],
        mark: pointMark(points.length),
        encoding: {
          x: milliseconds('predicted', 'Predicted latency, ms', scaleOf(latencies)),
          y: {
            field: 'objective',
            type: 'quantitative',
            title: `Objective: ${distinct(report.rows.map(({ sought }) => sought)).join(', ')}`,
            scale: scaleOf(values),
            axis: { format: values[1] < 1e4 ? '~g' : '~s' },
          },
          ...seriesOf('predictor', predictors),
        },
      },
    },
  ]
}

import type { Plot, Report, Spec } from '../data.js'
import { pointsOf, type Point } from '../points.js'
import {
  distinct,
  extentOf,
  MANY_POINTS,
  milliseconds,
  percent,
  pointMark,
  scaleOf,
  seriesOf,
} from './scales.js'

/** Larger errors are drawn at this one, percent. */
const LARGEST_ERROR = 60

/** Errors up to this one always have a place, so that the band of 10% looks like one, percent. */
const LEAST_SHOWN = 15

/** Predictions against measurements. */
export function accuracyPlots(report: Omit<Report, 'plots'>): Plot[] {
  const points = pointsOf({ ...report, plots: [] }, 'predictions').filter(
    ({ error }) => error !== undefined,
  )
  if (!points.length) return []
  const predictors = distinct(points.map(({ predictor }) => predictor as string))
  const most = Math.max(...(extentOf(points.map(({ error }) => Math.abs(Number(error)))) ?? [0]))
  const largest = Math.min(LARGEST_ERROR, 10 * Math.ceil(most / 10 + 0.1))
  const common = { section: 'Accuracy', source: 'predictions' } as const
  return [
    {
      ...common,
      id: 'predicted',
      title: 'Predicted against measured latency',
      note: 'On the line, the prediction is right. The band is ±10%. Vertical lines are the intervals of the predictor.',
      point: { x: 'latency', y: 'predicted' },
      spec: predictedSpec(points, predictors),
    },
    {
      ...common,
      id: 'errors',
      title: 'Distribution of errors',
      note: `Share of the records by error of the prediction. Larger errors than ±${largest}% stand at the edge.`,
      spec: distributionSpec(predictors, largest),
    },
    {
      ...common,
      id: 'error-latency',
      title: 'Error against measured latency',
      note: 'Above 0, the prediction is too slow. The band is ±10%.',
      point: { x: 'latency', y: 'error' },
      spec: errorSpec(points, predictors),
    },
  ]
}

function predictedSpec(points: readonly Point[], predictors: readonly string[]): Spec {
  const values = points.flatMap(({ latency, predicted }) => [Number(latency), Number(predicted)])
  const [min, max] = extentOf(values) ?? [1, 1]
  const domain = [0.93 * min, 1.07 * max]
  const scale = { ...scaleOf([min, max]), domain, padding: 0 }
  const ends = domain.map((at) => ({ at, low: 0.9 * at, high: 1.1 * at }))
  const x = milliseconds('latency', 'Measured, ms', scale)
  const y = milliseconds('predicted', 'Predicted, ms', scale)
  const at = { ...x, field: 'at' }
  const series = seriesOf('predictor', predictors) as { color?: object }
  const intervals = {
    transform: [{ filter: { field: 'low', valid: true } }],
    mark: { type: 'rule', opacity: 0.25, clip: true },
    encoding: {
      x,
      y: { ...y, field: 'low' },
      y2: { field: 'high' },
      ...(series.color && { color: series.color }),
    },
  }
  return {
    layer: [
      {
        data: { values: ends },
        mark: { type: 'area', style: 'band', clip: true },
        encoding: { x: at, y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        data: { values: ends },
        mark: { type: 'line', style: 'reference', clip: true },
        encoding: { x: at, y: { ...y, field: 'at' } },
      },
      ...(points.length <= MANY_POINTS ? [intervals] : []),
      { ...judged, mark: pointMark(points.length), encoding: { x, y, ...series } },
    ],
  }
}

/** Of a prediction without a measurement, there is no error. */
const judged = { transform: [{ filter: { field: 'error', valid: true } }] }

function distributionSpec(predictors: readonly string[], largest: number): Spec {
  const step = largest / 20
  const bound = `clamp(datum.error, ${-largest}, ${largest - step / 2})`
  return {
    transform: [
      ...judged.transform,
      { calculate: bound, as: 'bounded' },
      { bin: { step }, field: 'bounded', as: ['from', 'to'] },
      { aggregate: [{ op: 'count', as: 'count' }], groupby: ['predictor', 'from', 'to'] },
      {
        joinaggregate: [{ op: 'sum', field: 'count', as: 'total' }],
        groupby: ['predictor'],
      },
      { calculate: '100 * datum.count / datum.total', as: 'share' },
      {
        impute: 'share',
        key: 'from',
        keyvals: { start: -largest, stop: largest, step },
        value: 0,
        groupby: ['predictor'],
      },
    ],
    mark: { type: 'line', interpolate: 'step-after' },
    encoding: {
      x: percent('from', 'Error of the prediction, %', {
        scale: { domain: [-largest, largest] },
      }),
      y: { field: 'share', type: 'quantitative', title: 'Share of the records, %' },
      ...seriesOf('predictor', predictors, 'strokeDash'),
    },
  }
}

function errorSpec(points: readonly Point[], predictors: readonly string[]): Spec {
  const scale = scaleOf(extentOf(points.map(({ latency }) => Number(latency))) ?? [1, 1])
  const bounded = {
    calculate: `clamp(datum.error, ${-LARGEST_ERROR}, ${LARGEST_ERROR})`,
    as: 'bounded',
  }
  const errors = points.map(({ error }) => Math.abs(Number(error)))
  const most = Math.min(LARGEST_ERROR, Math.max(LEAST_SHOWN, ...(extentOf(errors) ?? [])))
  const y = {
    title: 'Error, %',
    type: 'quantitative',
    scale: { domain: [-most, most], nice: true },
  }
  return {
    layer: [
      {
        data: { values: [{ low: -10, high: 10 }] },
        mark: { type: 'rect', style: 'band' },
        encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: 'rule', style: 'reference' },
        encoding: { y: { ...y, field: 'zero' } },
      },
      {
        transform: [...judged.transform, bounded],
        mark: pointMark(points.length),
        encoding: {
          x: milliseconds('latency', 'Measured, ms', scale),
          y: { ...y, field: 'bounded' },
          ...seriesOf('predictor', predictors),
        },
      },
    ],
  }
}

import type { Plot, Report, Row } from '../data.js'
import { pointsOf, type Point } from '../points.js'
import {
  distinct,
  extentOf,
  large,
  MANY_POINTS,
  milliseconds,
  pointMark,
  scaleOf,
  seriesOf,
} from './scales.js'

type Size = 'macs' | 'parameters' | 'activations' | 'memory'

const SIZES: readonly { readonly field: Size & keyof Row; name: string; axis: string }[] = [
  { field: 'macs', name: 'multiply-accumulates', axis: 'MACs' },
  { field: 'parameters', name: 'parameters', axis: 'Parameters' },
  { field: 'activations', name: 'the peak of activations', axis: 'Peak of activations, bytes' },
  { field: 'memory', name: 'peak memory', axis: 'Peak memory of the runtime, bytes' },
]

/** Latency against each size that the records state. Without measurements: predicted latency. */
export function sizePlots(report: Omit<Report, 'plots'>): Plot[] {
  const whole = { ...report, plots: [] }
  const isMeasured = report.rows.some(({ latency }) => latency !== undefined)
  const source = isMeasured ? 'rows' : 'predictions'
  const latency = isMeasured ? 'latency' : 'predicted'
  const points = pointsOf(whole, source)
  return SIZES.flatMap(({ field, name, axis }) => {
    const known = points.filter((point) => point[field] !== undefined && point[latency])
    if (known.length < 2) return []
    const verb = isMeasured ? 'Latency' : 'Predicted latency'
    return {
      id: `latency-${field}`,
      title: `${verb} against ${name}`,
      note: noteOf(known),
      section: 'Latency',
      source,
      point: { x: field, y: latency },
      spec: specOf(known, { x: field, axis, y: latency, verb }),
    }
  })
}

function noteOf(points: readonly Point[]): string {
  const intervals = points.length <= MANY_POINTS && points.some(({ low }) => low !== undefined)
  const each = 'One point is one record.'
  return intervals ? `${each} Vertical lines are intervals.` : each
}

function specOf(
  points: readonly Point[],
  { x, axis, y, verb }: { x: string; axis: string; y: string; verb: string },
): Record<string, unknown> {
  const scaleX = scaleOf(extentOf(points.map((point) => Number(point[x]))) ?? [0, 1])
  const scaleY = scaleOf(extentOf(points.map((point) => Number(point[y]))) ?? [0, 1])
  const field = y === 'predicted' ? 'predictor' : 'device'
  const names = distinct(points.map((point) => point[field] as string | undefined))
  const position = {
    x: large(x, axis, scaleX),
    y: milliseconds(y, `${verb}, ms`, scaleY),
  }
  const valid = { filter: { field: y, valid: true } }
  const { color } = seriesOf(field, names) as { color?: object }
  const interval = {
    transform: [{ filter: { field: 'low', valid: true } }],
    mark: { type: 'rule', opacity: 0.4 },
    encoding: {
      ...position,
      y: { ...position.y, field: 'low' },
      y2: { field: 'high' },
      ...(color && { color }),
    },
  }
  return {
    transform: [valid, { filter: { field: x, valid: true } }],
    layer: [
      ...(points.length <= MANY_POINTS ? [interval] : []),
      { mark: pointMark(points.length), encoding: { ...position, ...seriesOf(field, names) } },
    ],
  }
}

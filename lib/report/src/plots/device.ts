import type { Plot, Report } from '../data.js'
import { pointsOf } from '../points.js'
import { distinct, percent, pointMark, seriesOf } from './scales.js'

/** Drift of the devices, and how well measurements repeat. */
export function devicePlots(report: Omit<Report, 'plots'>): Plot[] {
  return [...driftPlot(report), ...agreementPlot(report)]
}

function driftPlot(report: Omit<Report, 'plots'>): Plot[] {
  const points = pointsOf({ ...report, plots: [] }, 'visits')
  if (points.length < 2) return []
  const x = isOneSitting(points.map(({ minutes }) => minutes as number | undefined))
    ? { field: 'minutes', type: 'quantitative', title: 'Minutes since the first visit' }
    : { field: 'order', type: 'quantitative', title: 'Order of the visits' }
  const hasTrend = points.some(({ trend }) => trend !== undefined)
  const series = seriesOf('device', distinct(points.map(({ device }) => device as string)))
  const trend = {
    transform: [{ filter: { field: 'trend', valid: true } }],
    mark: { type: 'line', style: 'trend' },
    encoding: {
      x,
      y: percent('trend', TITLE),
      detail: { field: 'device' },
    },
  }
  return [
    {
      id: 'drift',
      title: 'Drift over the run',
      note: hasTrend
        ? 'Each point is a visit, relative to its network without the drift. The line is what detrend takes out.'
        : 'Each point is a network: its latency as measured, relative to that without the drift, which detrend took out.',
      section: 'Device',
      source: 'visits',
      point: { x: x.field, y: 'measured' },
      spec: {
        layer: [
          {
            mark: pointMark(points.length),
            encoding: { x, y: percent('measured', TITLE), ...series },
          },
          ...(hasTrend ? [trend] : []),
        ],
      },
    },
  ]
}

const TITLE = 'Slower than without drift, %'

/** Whether times can be an axis: no pause takes more than half of it. */
function isOneSitting(minutes: readonly (number | undefined)[]): boolean {
  const times = minutes.filter((time) => time !== undefined).sort((a, b) => a - b)
  if (times.length < minutes.length) return false
  const span = times[times.length - 1] - times[0]
  return times.every((time, i) => !i || time - times[i - 1] <= span / 2)
}

function agreementPlot(report: Omit<Report, 'plots'>): Plot[] {
  if (report.differences.length < 4) return []
  return [
    {
      id: 'repeatability',
      title: 'How well measurements repeat',
      note: 'Share of the networks whose first two visits differ by no more. The bias of all is left out.',
      section: 'Device',
      source: 'differences',
      spec: {
        transform: [
          {
            sort: [{ field: 'difference' }],
            window: [{ op: 'cume_dist', as: 'share' }],
            groupby: ['device', 'visits'],
          },
          { calculate: '100 * datum.share', as: 'share' },
        ],
        mark: { type: 'line', interpolate: 'step-after' },
        encoding: {
          x: percent('difference', 'Difference of two visits, %', { scale: { zero: true } }),
          y: { field: 'share', type: 'quantitative', title: 'Share of the networks, %' },
          detail: { field: 'device' },
          ...seriesOf('visits', ['as measured', 'without drift'], 'strokeDash'),
        },
      },
    },
  ]
}

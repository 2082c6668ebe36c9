import type { Plot, Report } from '../data.js'
import { distinct, extentOf, milliseconds, pointMark, scaleOf, seriesOf } from './scales.js'

/** The latencies of the same networks on two devices, which the page lets choose. */
export function rankPlots({ ranks, rows }: Omit<Report, 'plots'>): Plot[] {
  if (!ranks.length) return []
  const extent = extentOf(rows.map(({ latency }) => latency)) ?? [1, 1]
  const spaces = distinct(rows.map(({ space }) => space))
  const scale = scaleOf(extent)
  return [
    {
      id: 'ranks',
      title: 'The same networks on two devices',
      note: 'One point is one network. If all lie on a rising curve, both devices rank the networks alike.',
      section: 'Ranks',
      source: 'pairs',
      point: { x: 'x', y: 'y' },
      spec: {
        mark: pointMark(rows.length / 2),
        encoding: {
          x: milliseconds('x', 'First device, ms', scale),
          y: milliseconds('y', 'Second device, ms', scale),
          ...seriesOf('space', spaces),
        },
      },
    },
  ]
}

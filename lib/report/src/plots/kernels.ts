import type { Plot, Report } from '../data.js'
import { pointsOf } from '../points.js'
import { distinct, seriesOf } from './scales.js'

/** Height of a bar, pixels. */
const BAR = 13

/** Most kernels that a plot names. */
const MOST_KERNELS = 15

/** Where the time goes, by the names of kernels. */
export function kernelPlots(report: Omit<Report, 'plots'>): Plot[] {
  const points = pointsOf({ ...report, plots: [] }, 'kernels')
  if (!points.length) return []
  const devices = distinct(points.map(({ device }) => device as string))
  const names = distinct(points.map(({ kernel }) => kernel as string))
  const offset = devices.length > 1 && { yOffset: { field: 'device', scale: { domain: devices } } }
  const { color } = seriesOf('device', devices) as { color?: object }
  return [
    {
      id: 'kernels',
      title: 'Time by kernel',
      note: `Share of the time of all profiled networks, of the ${MOST_KERNELS} kernels that take most.`,
      section: 'Kernels',
      source: 'kernels',
      spec: {
        height: BAR * Math.max(2, devices.length) * Math.min(names.length, MOST_KERNELS),
        transform: [
          { aggregate: [{ op: 'sum', field: 'ms', as: 'ms' }], groupby: ['device', 'kernel'] },
          { joinaggregate: [{ op: 'sum', field: 'ms', as: 'all' }], groupby: ['device'] },
          { calculate: '100 * datum.ms / datum.all', as: 'share' },
          { joinaggregate: [{ op: 'max', field: 'share', as: 'most' }], groupby: ['kernel'] },
          {
            sort: [{ field: 'most', order: 'descending' }],
            window: [{ op: 'dense_rank', as: 'rank' }],
          },
          { filter: `datum.rank <= ${MOST_KERNELS}` },
        ],
        mark: { type: 'bar' },
        encoding: {
          y: {
            field: 'kernel',
            type: 'nominal',
            title: null,
            sort: { field: 'most', order: 'descending' },
          },
          x: { field: 'share', type: 'quantitative', title: 'Share of the time, %' },
          ...offset,
          ...(color && { color }),
        },
      },
    },
  ]
}

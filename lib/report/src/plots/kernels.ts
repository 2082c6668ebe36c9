import type { Plot, Report, Spec } from '../data.js'
import { pointsOf } from '../points.js'
import { distinct, seriesOf } from './scales.js'

/** Height of a bar, pixels. */
const BAR = 13

/** Most bars of a device. */
const MOST = 15

/** Where the time goes: by the names of kernels, and by the size of what they write. */
export function kernelPlots(report: Omit<Report, 'plots'>): Plot[] {
  const { kernels, stages } = report
  const whole = { ...report, plots: [] }
  const devices = distinct(pointsOf(whole, 'kernels').map(({ device }) => device as string))
  const common = { section: 'Kernels' } as const
  const named = distinct(kernels.map(({ kernel }) => kernel)).length
  const sizes = distinct(stages.map(({ stage }) => stage)).length
  return [
    ...(kernels.length
      ? [
          {
            ...common,
            id: 'kernels',
            title: 'Time by kernel',
            note: `Share of the time of all profiled networks, of the ${MOST} kernels that take most.`,
            source: 'kernels' as const,
            spec: barsOf('kernel', devices, named, { rank: 'most' }),
          },
        ]
      : []),
    ...(sizes > 1
      ? [
          {
            ...common,
            id: 'stages',
            title: 'Time by stage',
            note: 'Share of the time of all profiled networks, by height and width of what the kernels write.',
            source: 'stages' as const,
            spec: barsOf('stage', devices, sizes, { rank: 'area' }),
          },
        ]
      : []),
  ]
}

/** Bars of the share of the time. `rank`: the field by which they are sorted, the greatest first. */
function barsOf(
  field: string,
  devices: readonly string[],
  count: number,
  { rank }: { rank: string },
): Spec {
  const offset = devices.length > 1 && { yOffset: { field: 'device', scale: { domain: devices } } }
  const { color } = seriesOf('device', devices) as { color?: object }
  return {
    height: BAR * Math.max(2, devices.length) * Math.min(count, MOST),
    transform: [
      {
        aggregate: [
          { op: 'sum', field: 'ms', as: 'ms' },
          { op: 'max', field: 'area', as: 'area' },
        ],
        groupby: ['device', field],
      },
      { joinaggregate: [{ op: 'sum', field: 'ms', as: 'all' }], groupby: ['device'] },
      { calculate: '100 * datum.ms / datum.all', as: 'share' },
      { joinaggregate: [{ op: 'max', field: 'share', as: 'most' }], groupby: [field] },
      {
        sort: [{ field: 'most', order: 'descending' }],
        window: [{ op: 'dense_rank', as: 'rank' }],
      },
      { filter: `datum.rank <= ${MOST}` },
    ],
    mark: { type: 'bar' },
    encoding: {
      y: { field, type: 'nominal', title: null, sort: { field: rank, order: 'descending' } },
      x: { field: 'share', type: 'quantitative', title: 'Share of the time, %' },
      ...offset,
      ...(color && { color }),
    },
  }
}

import { learningCurve, TrainingRecords } from '@leti/predictors'
import type { LetiRecord } from '@leti/records'
import { describe, expect, test } from 'vitest'
import { compiled } from './compiled.js'
import { figuresOf, type StaticFigure } from './figures.js'
import { Gathering } from './gather.js'
import { pageOf } from './page.js'
import { pointsOf } from './points.js'
import { reportOf } from './report.js'

const CELL = {
  space: 'nb101',
  module_adjacency: [
    [0, 1, 0],
    [0, 0, 1],
    [0, 0, 0],
  ],
  module_operations: ['input', 'conv3x3-bn-relu', 'output'],
}

function record(n: number, measurement: object = {}, more: object = {}): LetiRecord {
  const latency_ms = { median: n + 1 }
  return {
    id: `n${n}`,
    arch: CELL,
    measurement: { device: 'pixel', backend: 'cpu', latency_ms, ...measurement },
    ...more,
  }
}

/** Ten records, each made by `make`. */
const ten = (make: (n: number) => LetiRecord) => Array.from({ length: 10 }, (_, n) => make(n))

async function reportFor(records: readonly LetiRecord[]) {
  const gathered = new Gathering([], 'median')
  for (const one of records) gathered.add(one)
  return reportOf(gathered, 'Title')
}

const plotsFor = async (records: readonly LetiRecord[]) =>
  (await reportFor(records)).plots.map(({ id }) => id)

const predicted = (n: number, factor: number) => ({
  prediction: { latency_ms: factor * (n + 1), low_ms: n, high_ms: n + 2, predictor: 'p' },
})

const visits = [0, 1].flatMap((visit) =>
  ten((n) => {
    const at = 10 * visit + ((visit ? 7 * n : n) % 10)
    const started_at = new Date(Date.UTC(2026, 1, 1) + 60_000 * at).toISOString()
    return record(n, { started_at, latency_ms: { median: (n + 1) * (1 + 0.03 * visit) } })
  }),
)

/** As `device-run --profile` has it: the second kernel has no shape that a stage could have. */
const kernels = [
  { name: 'Conv', output_shape: [1, 8, 8, 4], ms: 3 },
  { name: 'Softmax', output_shape: [1, 10], ms: 1 },
]

describe('the plots', () => {
  test('follow from what the records hold', async () => {
    expect(await plotsFor(ten((n) => record(n)))).toEqual([])
    const sized = (n: number) => record(n, { peak_memory_bytes: 10 * n }, { features: { macs: n } })
    expect(await plotsFor(ten(sized))).toEqual(['latency-macs', 'latency-memory'])
    expect(await plotsFor(ten((n) => record(n, {}, predicted(n, 1))))).toEqual([
      'predicted',
      'errors',
      'error-latency',
    ])
    const search = { objective: 'parameters', rank: 1 }
    const found = (n: number) => ({ ...predicted(n, 1), search: { ...search, value: n } })
    expect(await plotsFor(ten((n) => record(n, {}, found(n))))).toContain('front')
    const profiled = { kernels: [{ name: 'Conv', ms: 1 }] }
    expect(await plotsFor(ten((n) => record(n, profiled)))).toEqual(['kernels'])
    expect(await plotsFor(ten((n) => record(n, { kernels })))).toEqual(['kernels', 'stages'])
    expect(await plotsFor(visits)).toEqual(['drift', 'repeatability'])
  })

  test('show predicted latency where nothing was measured', async () => {
    const one = record(
      1,
      {},
      {
        measurement: undefined,
        features: { macs: 5 },
        ...predicted(1, 1),
      },
    )
    const other = { ...one, id: 'other', features: { macs: 6 } }
    const [plot] = (await reportFor([one, other])).plots
    expect(plot).toMatchObject({ id: 'latency-macs', source: 'predictions' })
  })

  test('compare the ranks of two runtimes of one device', async () => {
    const on = (runtime: string, sign: number) =>
      ten((n) => record(n, { runtime, latency_ms: { median: 20 + sign * n } }))
    const report = await reportFor([...on('tfjs@4', 1), ...on('litert@2', -1)])
    const names = ['pixel/cpu, runtime tfjs@4', 'pixel/cpu, runtime litert@2'] as const
    expect(report.ranks).toEqual([{ a: names[0], b: names[1], rho: -1, networks: 10 }])
    expect(report.plots.map(({ id }) => id)).toEqual(['ranks'])
    expect(pointsOf(report, 'pairs', names)[3]).toMatchObject({ id: 'n3', x: 23, y: 17 })
  })

  test('are valid specifications', async () => {
    const report = await reportFor([
      ...visits.map((visit, i) => ({ ...visit, features: { macs: i }, ...predicted(i, 1) })),
      ...ten((n) => record(n, { device: 'other', kernels: [{ name: 'Conv', ms: 1 }] })),
    ])
    expect(report.plots.map(({ id }) => id)).toHaveLength(8)
    for (const plot of report.plots) {
      const points = pointsOf(report, plot.source, ['pixel/cpu', 'other/cpu'])
      expect(points, plot.id).not.toEqual([])
      const spec = compiled(plot, points, { scheme: 'light', width: 300 })
      // Vega-Lite leaves out a mark that it cannot draw.
      expect(spec.marks?.length, plot.id).toBeGreaterThan(0)
    }
  })
})

test('the time of a stage is that of all kernels that write its size', async () => {
  const shuffled = { name: 'Transpose', output_shape: [1, 64, 2, 2], ms: 4 }
  const more = [...kernels, { name: 'Relu', output_shape: [1, 8, 8, 2], ms: 2 }, shuffled]
  const { stages } = await reportFor([record(0, { kernels: more }), record(1, { kernels })])
  expect(stages).toEqual([
    { row: 0, stage: '8×8', area: 64, ms: 5 },
    { row: 0, stage: 'other shapes', area: 0, ms: 5 },
    { row: 1, stage: '8×8', area: 64, ms: 3 },
    { row: 1, stage: 'other shapes', area: 0, ms: 1 },
  ])
})

describe('learning curves', () => {
  const measured = (n: number, more: object = {}): LetiRecord => {
    const arch = { space: 'zoo', name: `net${n}` }
    const features = { macs: 1e6 * (n + 1), operators: 3 + (n % 4) }
    const latency_ms = { median: (n + 1) * (1 + 0.1 * Math.sin(n)) }
    return record(n, { latency_ms, ...more }, { arch, features })
  }
  const networks = Array.from({ length: 40 }, (_, n) => measured(n))

  test('have the numbers of evaluate --learning-curve', async () => {
    const training = new TrainingRecords()
    for (const one of networks) training.add(one)
    const points = await learningCurve(training.training(), 'flops', [10, 20], 5, 0)
    const { curves, plots } = await reportFor(networks)
    const expected = points.map(({ count, mean, std }) => ({
      curve: 0,
      device: 'pixel/cpu',
      space: 'zoo',
      kind: 'flops',
      networks: 40,
      count,
      mape: mean.mape_percent,
      deviation: std.mape_percent,
    }))
    expect(curves.filter(({ kind }) => kind === 'flops')).toEqual(expected)
    expect(plots[0].id).toBe('learning-curve-1')
  })

  test('are of one space and machine each, and of a sample of many networks', async () => {
    const many = Array.from({ length: 700 }, (_, n) => measured(n))
    const on = (cpu: string) => networks.map((_, n) => measured(n, { environment: { cpu } }))
    expect((await reportFor([...on('one'), ...on('other')])).curves).toEqual([])
    const large = (await reportFor(many)).curves
    expect(large[0]).toMatchObject({ networks: 200, count: 10 })
    expect(large.map(({ count }) => count)).toContain(100)
    const few = (await reportFor(ten((n) => measured(n)))).curves
    expect(few).toEqual([])
  })
})

test('the steps are what records and predictors state, and no more', async () => {
  const started_at = '2026-02-01T00:00:00Z'
  const own = {
    runtime: 'tfjs@4',
    verified: true,
    started_at,
    visit: 2,
    kernels,
    device: 'my pixel',
  }
  const { steps } = await reportFor([record(0, own), record(1), record(2, {}, predicted(2, 1))])
  expect(steps).toEqual([
    {
      tool: 'measured',
      device: 'my pixel/cpu',
      command: "device-run --device 'my pixel' --runtime tfjs --backend cpu --visits 2 --profile",
      facts: {
        Records: '1',
        Runtime: 'tfjs@4',
        Visits: '2',
        'Outputs checked': '1 of 1',
        Started: started_at,
      },
    },
    { tool: 'measured', device: 'pixel/cpu', facts: { Records: '2' } },
    { tool: 'predict', command: 'predict', facts: { Predictor: 'p', Predictions: '1' } },
  ])
})

test('metrics are of the whole latencies, not of the rounded ones of the page', async () => {
  const latency_ms = { median: 1.23456789 }
  const prediction = { latency_ms: 1.23456789, predictor: 'p' }
  const { accuracy, rows } = await reportFor([record(0, { latency_ms }, { prediction })])
  expect(accuracy).toMatchObject([{ device: 'pixel/cpu', predictor: 'p' }])
  expect(accuracy[0].metrics.mape_percent).toBe(0)
  expect(rows[0].latency).toBe(1.23457)
})

test('the floor is that of the visits', async () => {
  const report = await reportFor(visits.map((visit, i) => ({ ...visit, ...predicted(i % 10, 1) })))
  const [raw] = report.agreement
  expect(raw).toMatchObject({ device: 'pixel/cpu', networks: 10, visits: 'as measured' })
  expect(raw.agreement.bias_percent).toBeCloseTo(3, 6)
  expect(report.accuracy[0].floor).toBe(raw.agreement.mape_floor_percent)
})

test('without visits, the floor follows from the noise that detrend found', async () => {
  const quality = { visits: 2, noise: 0.02 }
  const { accuracy } = await reportFor(
    [1, 2, 3].map((i) => record(i, { quality }, predicted(i, 1))),
  )
  expect(accuracy[0].floor).toBeCloseTo((0.798 * 2) / Math.SQRT2, 2)
})

test('the page holds the data as JSON from which no markup comes', async () => {
  const id = '</script><script>alert(1)</script>'
  const report = await reportFor([{ ...record(1), id, arch: { space: '<!--<b>' } }])
  const page = pageOf({ ...report, title: '<i>&' }, { script: 'x="</script>"', style: '' })
  const data = /<script type="application\/json" id="report">(.*)<\/script>\n/.exec(page)?.[1] ?? ''
  expect(data).not.toContain('<')
  expect(JSON.parse(data)).toMatchObject({ title: '<i>&', rows: [{ id, space: '<!--<b>' }] })
  expect(page).toContain('<title>&lt;i>&amp;</title>')
  expect(page.split('</script>')).toHaveLength(3)
})

test('figures are pictures of their own, with the text of records as text', async () => {
  const on = (device: string) => ten((n) => record(n, { device }, { features: { macs: n } }))
  const report = await reportFor([...on('<b>&'), ...on('b')])
  const figures: StaticFigure[] = []
  for await (const figure of figuresOf(report)) figures.push(figure)
  expect(figures.map(({ id }) => id)).toEqual(['latency-macs', 'ranks'])
  for (const { svg } of figures) expect(svg).toMatch(/^<svg .*fill="white"/s)
  expect(figures[0].svg).toContain('>&lt;b&gt;&amp;/cpu</text>')
})

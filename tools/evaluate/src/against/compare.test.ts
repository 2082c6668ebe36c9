import { expect, test } from 'vitest'
import type { LetiRecord } from '@leti/records'
import { compare } from './compare.js'
import { Pairs } from './gather.js'

const IDS = Array.from({ length: 12 }, (_, i) => `n${i}`)

/** A network whose interval reaches 1% to both sides. */
function measured(id: string, median: number, more: object = {}): LetiRecord {
  const latency_ms = { median, mean: 2 * median, ci95: [0.99 * median, 1.01 * median] as const }
  return { id, measurement: { device: 'pixel', latency_ms, ...more } } as unknown as LetiRecord
}

function compared(
  before: readonly LetiRecord[],
  after: readonly LetiRecord[],
  statistic = 'median',
) {
  const pairs = new Pairs(statistic as 'median' | 'mean')
  for (const record of before) pairs.add(record, 'before')
  for (const record of after) pairs.add(record, 'after')
  return pairs.list().map(compare)
}

const usual = IDS.map((id, i) => measured(id, 1 + i))

test('the bias apart, and the networks whose intervals do not overlap', () => {
  // All are 1% slower, within their intervals; two changed beyond them.
  const factors: Record<string, number> = { n3: 1.2, n7: 0.5 }
  const after = IDS.map((id, i) => measured(id, (1 + i) * (factors[id] ?? 1.01)))
  const [found] = compared(usual, [...after, measured('new', 3)])
  expect(found).toMatchObject({ networks: 12, only_here: 1, only_there: 0, judged: 12 })
  expect(found?.bias_percent).toBeCloseTo(1, 6)
  expect(found?.median_difference_percent).toBeCloseTo(0, 6)
  expect(found?.changed.map(({ id }) => id)).toEqual(['n7', 'n3'])
  expect(found?.changed[1].change_percent).toBeCloseTo(20, 6)
})

test('visits that are not joined and other statistics have no interval to judge by', () => {
  const visits = usual.flatMap((record) => [record, record])
  expect(compared(usual, visits)).toMatchObject([{ networks: 12, judged: 0, changed: [] }])
  expect(compared(usual, usual, 'mean')).toMatchObject([{ judged: 0, bias_percent: 0 }])
})

test('other devices, and other settings of one network, are not compared', () => {
  const other = usual.map((record) => measured(record.id, 5, { device: 'other' }))
  expect(compared(usual, other)).toEqual([undefined, undefined])
  const threads = usual.map((record) => measured(record.id, 5, { threads: 4 }))
  expect(compared(usual, threads)).toEqual([undefined])
})

/** The runs of one network on days in a row, each in a record that detrend wrote; all vary by 1%. */
function days(latencies: readonly number[], first = 1): LetiRecord[] {
  return latencies.map((latency, i) => {
    const noise = [0, 0.01, -0.01, 0.005, -0.005][i % 5]
    const started_at = `2026-11-${String(first + i).padStart(2, '0')}T02:30:00Z`
    return measured('net', latency * (1 + noise), { started_at, quality: { visits: 2 } })
  })
}

const WEEK = [10, 10, 10, 10, 10, 10, 10, 10, 10, 10]

test('many runs: a change point tells what changed and since when, not the intervals of the last', () => {
  const [baseline] = days([10])
  const since = compared([baseline], days([...WEEK, 11, 11, 11], 2).toReversed())
  expect(since).toMatchObject([{ judged: 1, changed: [{ id: 'net', before_ms: 10 }] }])
  const [change] = since[0]?.changed ?? []
  expect(change.since).toBe('2026-11-12T02:30:00.000Z')
  expect(change.change_percent).toBeCloseTo(10, 0)
  // The last day alone, by much more than the days vary.
  expect(compared([baseline], days([...WEEK, 12], 2))[0]?.changed).toHaveLength(1)
  // 2% is within what the days vary, though the intervals of two records would lie apart.
  const apart = days([10.21], 20)
  expect(compared([baseline], apart)[0]?.changed).toHaveLength(1)
  expect(compared([baseline], [...days(WEEK, 2), ...apart])[0]?.changed).toEqual([])
})

test('it was slow for some days, and is as before: not slower any more', () => {
  const [baseline] = days([10])
  const slow = [10, 10, 10, 10, 10, 10, 12, 12, 12, 12, 12, 12, 12, 12]
  const [during] = compared([baseline], days(slow, 2))
  expect(during?.changed[0].change_percent).toBeCloseTo(20, 0)
  const [after] = compared([baseline], days([...slow, ...WEEK], 2))
  for (const { change_percent } of after?.changed ?? []) {
    expect(Math.abs(change_percent)).toBeLessThan(1)
  }
})

test('a few runs: the intervals of the last ones tell', () => {
  const [baseline] = days([10])
  expect(compared([baseline], days([10, 10, 11], 2))[0]?.changed).toHaveLength(1)
  expect(compared([baseline], days([10, 11, 10], 2))[0]?.changed).toEqual([])
})

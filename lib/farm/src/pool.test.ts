import { expect, test } from 'vitest'
import { jobId, type FarmJob } from './job.js'
import { ofPool, toPool, unitOf } from './pool.js'

const pool = toPool('pixel8 = b, a,b , c')
const records = Array.from({ length: 300 }, (_, i) => ({ id: `n${i}`, arch: { space: 'nb201' } }))

test('a pool has a name and two phones or more, in any order', () => {
  expect(pool).toEqual({ name: 'pixel8', units: ['a', 'b', 'c'] })
  for (const text of ['pixel8', 'pixel8=a', 'pixel8=a,', '=a,b', 'pixel8=a,a', 'x=a,b=c']) {
    expect(() => toPool(text)).toThrow(`--pool ${text}: give two phones or more`)
  }
})

test('the visits of a network are on all phones in turn, and each phone has as many first visits', () => {
  const counts = new Map<string, number>()
  for (const record of records) {
    const visits = [1, 2, 3, 4].map((visit) => unitOf(pool, record, visit))
    expect(new Set(visits.slice(0, 3)).size).toBe(3)
    expect(visits[3]).toBe(visits[0])
    counts.set(visits[0], (counts.get(visits[0]) ?? 0) + 1)
  }
  // 100 each, with a deviation of 8.
  for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(33)
})

test('the record says which phone of the pool measured it; its error names none', () => {
  const measurement = { device: 'a', latency_ms: { median: 1 } }
  const job = { pool: 'pixel8' } as FarmJob
  expect(ofPool({ id: 'n', measurement }, job).measurement).toMatchObject({
    device: 'pixel8',
    unit: 'a',
  })
  const failed = { id: 'n', error: { tool: 'farm', code: 'timeout', message: '' } as const }
  expect(ofPool(failed, job)).toBe(failed)
  expect(ofPool({ id: 'n', measurement }, {} as FarmJob).measurement?.unit).toBeUndefined()
})

test('a visit of a pool is one job whichever phone it is for, and none of a device of that name', () => {
  const protocol = {} as FarmJob['protocol']
  const job = { record: records[0], protocol, visit: 1 }
  const pooled = { ...job, pool: 'pixel8' }
  expect(jobId('a', pooled)).toBe(jobId('b', pooled))
  expect(jobId('pixel8', job)).not.toBe(jobId('a', pooled))
})

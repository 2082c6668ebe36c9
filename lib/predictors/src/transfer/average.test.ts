import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'
import { averaged } from './average.js'
import { rowsOf, sumAt, type Columns } from './combination.js'

const random = xoroshiro128plus(3)
const between = (low: number, high: number) => low + (high - low) * uniformFloat64(random)

/** Five uncorrelated references; the device takes three times as long as the first one. */
const references = Array.from({ length: 5 }, () =>
  Float64Array.from({ length: 400 }, () => between(5, 20)),
)
const counts = [Float64Array.from({ length: 400 }, (_, i) => i % 6)]
const likeTheFirst = columnsOf((row) => 3 * references[0][row])

/** The columns of a device with the given latencies and noise of 3%. */
function columnsOf(latency: (row: number) => number): Columns {
  const latencies = Float64Array.from(
    { length: 400 },
    (_, row) => latency(row) * between(0.97, 1.03),
  )
  return { references, counts, latencies }
}

/** The median relative error on held-out samples. */
function errorOf(columns: Columns, count: number, outlier?: number): number {
  const few = rowsOf(columns, [...Array(count).keys()])
  if (outlier !== undefined) few.latencies[outlier] *= 5
  const combination = averaged(few)
  const errors = Array.from(columns.latencies.subarray(50), (latency, i) =>
    Math.abs(sumAt(combination, columns, 50 + i) / latency - 1),
  )
  return errors.sort((a, b) => a - b)[errors.length >> 1]
}

describe('averaged', () => {
  it.each([6, 10, 20])('finds the reference that is like the device: %i samples', (count) => {
    expect(errorOf(likeTheFirst, count)).toBeLessThan(0.03)
  })

  it.each([0, 3, 7])('is robust to an outlier among ten samples: the %i-th', (outlier) => {
    expect(errorOf(likeTheFirst, 10, outlier)).toBeLessThan(0.06)
  })

  it('finds a sum of references and counts from enough samples', () => {
    const mixed = columnsOf((row) => references[1][row] + references[2][row] + 4 * counts[0][row])
    expect(errorOf(mixed, 40)).toBeLessThan(0.06)
  })

  it('has no weight below 0', () => {
    const few = rowsOf(likeTheFirst, [0, 1, 2, 3, 4])
    const { intercept, references: own, counts: costs } = averaged(few)
    expect(Math.min(intercept, ...own, ...costs)).toBeGreaterThanOrEqual(0)
  })
})

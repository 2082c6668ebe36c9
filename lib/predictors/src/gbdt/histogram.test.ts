import { expect, test } from 'vitest'
import { binned } from './bins.js'
import { histogramOf, histogramsOf } from './histogram.js'

test('the larger part of a leaf has what the smaller one leaves', () => {
  const rows = Int32Array.from({ length: 1600 }, (_, row) => row)
  const columns = [7, 11].map((factor) => Float64Array.from(rows, (row) => Math.sin(factor * row)))
  const gradients = Float64Array.from(rows, (row) => Math.cos(row))
  let counted = 0
  const countRows = (some: Int32Array) => {
    counted += some.length
    return histogramOf(binned(columns), [0, 1], gradients, some)
  }
  const parts = [rows.filter((row) => row % 4 > 0), rows.filter((row) => row % 4 === 0)] as const
  const anew = parts.map(countRows)
  const whole = countRows(rows)
  counted = 0
  const found = histogramsOf(whole, parts, countRows)
  expect(counted).toBe(400)
  found.forEach(({ sums, counts }, part) => {
    expect(counts).toEqual(anew[part].counts)
    sums.forEach((sum, i) => expect(sum).toBeCloseTo(anew[part].sums[i], 10))
  })
})

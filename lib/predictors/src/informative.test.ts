import { determinant, Matrix } from 'ml-matrix'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'
import { logPredictions, mostInformative } from './informative.js'
import { shuffled } from './random.js'

/** Rows of four columns; the last is tiny and nearly the sum of two others. */
function synthetic(count: number): number[][] {
  const random = xoroshiro128plus(1)
  const value = () => 2 * uniformFloat64(random) - 1
  return Array.from({ length: count }, () => {
    const [a, b, c] = [value(), value() ** 3, value()]
    return [a, 10 * b, c, 1e-3 * (a + b) + 1e-3 * value()]
  })
}

/** log |X'X| of the picked rows with a constant column. */
function information(rows: readonly number[][], picks: readonly number[]): number {
  const design = new Matrix(picks.map((index) => [1, ...rows[index]]))
  return Math.log(determinant(design.transpose().mmul(design)))
}

describe('mostInformative', () => {
  const rows = synthetic(300)

  it.each([5, 10, 20])('is more informative than any of 200 random picks: %i', (count) => {
    const own = information(rows, mostInformative(rows, count))
    for (let seed = 0; seed < 200; seed++) {
      const random = shuffled([...rows.keys()], seed).slice(0, count)
      expect(own).toBeGreaterThan(information(rows, random))
    }
  })

  it('picks no row twice, and a longer pick begins with the same rows', () => {
    const picks = mostInformative(rows, 50)
    expect(new Set(picks).size).toBe(50)
    expect(mostInformative(rows, 20)).toEqual(picks.slice(0, 20))
  })

  it('is not singular with as many picks as parameters, even if most rows are equal', () => {
    const many = [...Array.from({ length: 500 }, () => [0, 0, 0, 0]), ...rows.slice(0, 30)]
    const picks = mostInformative(many, 5)
    expect(Number.isFinite(information(many, picks))).toBe(true)
  })

  it('is not dominated by an outlier', () => {
    const picks = mostInformative([...rows, [1e6, 0, 0, 0]], 10)
    const sound = picks.filter((index) => index < rows.length)
    expect(information(rows, sound)).toBeGreaterThan(
      Math.max(
        ...Array.from({ length: 50 }, (_, seed) =>
          information(rows, shuffled([...rows.keys()], seed).slice(0, sound.length)),
        ),
      ),
    )
  })

  it('accepts rows that are all equal', () => {
    expect(new Set(mostInformative([[1], [1], [1]], 3)).size).toBe(3)
  })
})

describe('logPredictions', () => {
  it('gives finite logarithms for predictions at or below 0', () => {
    const logs = logPredictions([
      [-5, 1],
      [10, 2],
      [12, 4],
    ])
    expect(logs.flat().every(Number.isFinite)).toBe(true)
    expect(logs[1]).toEqual([Math.log(10), Math.log(2)])
  })
})

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { expect, it } from 'vitest'
import { mostLikely } from './evidence.js'
import { momentsOf, type Problem } from './moments.js'
import type { Level, Term } from './terms.js'

interface Options {
  readonly rows: number
  /** The numbers of columns that latencies depend on, of level `executed`, and of others, of level `choice`. */
  readonly columns: readonly [number, number]
  /** Standard deviations of the noise, and of the weights. */
  readonly noise: number
  readonly weight: number
}

function strengthsOf({ rows: count, columns, noise, weight }: Options) {
  const random = xoroshiro128plus(1)
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) *
    Math.cos(2 * Math.PI * uniformFloat64(random))
  const normals = (size: number) => Array.from({ length: size }, normal)
  const weights = normals(columns[0]).map((value) => weight * value)
  const width = 1 + columns[0] + columns[1]
  const rows = Array.from({ length: count }, () => [1, ...normals(width - 1)])
  const targets = Float64Array.from(rows, (row) =>
    weights.reduce((sum, value, i) => sum + value * row[i + 1], 5 + noise * normal()),
  )
  const units = new Float64Array(count).fill(1)
  const problem: Problem = { rows: Float64Array.from(rows.flat()), width, targets, units }
  const levels = (level: Level, size: number): Term[] =>
    Array.from({ length: size }, (_, i) => ({
      features: [`${level}_${i}`],
      level,
      mean: 0,
      scale: 1,
    }))
  const terms = [...levels('executed', columns[0]), ...levels('choice', columns[1])]
  return mostLikely(problem, terms, units, momentsOf(problem, units))
}

it('finds the variance of the noise over that of the weights', () => {
  const { executed } = strengthsOf({ rows: 400, columns: [8, 8], noise: 0.05, weight: 0.1 })
  // The penalty applies to a mean over 400 rows: 0.05^2 / 0.1^2 / 400.
  expect(executed / (0.25 / 400)).toBeGreaterThan(0.4)
  expect(executed / (0.25 / 400)).toBeLessThan(2.5)
})

it('hardly uses a level that explains nothing, from a few dozen rows on', () => {
  const { executed, choice, path } = strengthsOf({
    rows: 40,
    columns: [8, 8],
    noise: 0.02,
    weight: 0.1,
  })
  expect(executed).toBeLessThan(0.01)
  // A penalty of 1 halves the weight of a column.
  expect(choice).toBeGreaterThan(1)
  expect(path).toBe(Infinity)
})

it('leaves out a level without an effective term, and keeps a single one that has an effect', () => {
  const { executed, choice } = strengthsOf({ rows: 100, columns: [1, 1], noise: 0.02, weight: 0.1 })
  expect(executed).toBeLessThan(0.1)
  expect(choice).toBe(Infinity)
})

it('stays finite if the columns explain the latencies exactly', () => {
  const { executed } = strengthsOf({ rows: 12, columns: [8, 8], noise: 0, weight: 0.1 })
  expect(executed).toBeGreaterThan(0)
  expect(executed).toBeLessThan(0.01)
})

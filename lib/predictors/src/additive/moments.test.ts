import { expect, test } from 'vitest'
import { momentsOf, RunningMoments, type Problem } from './moments.js'

const WIDTH = 6

function problemOf(count: number): Problem {
  const rows = Float64Array.from({ length: count * WIDTH }, (_, i) => Math.sin(7 * i))
  const targets = Float64Array.from({ length: count }, (_, i) => 2 + Math.sin(i))
  return { rows, width: WIDTH, targets, units: targets }
}

// 1,203 rows and 6 columns: neither is a multiple of the four that are added at once.
test.each([40, 1203])('moments of %d rows follow their weights', (count) => {
  const problem = problemOf(count)
  const running = new RunningMoments(problem)
  const first = new Float64Array(count).fill(1)
  const second = first.map((weight, row) => (row % 5 ? weight : 0.3))
  running.at(first)
  const { gram, projection } = running.at(second)
  const anew = momentsOf(problem, second)
  gram.forEach((value, i) => expect(value).toBeCloseTo(anew.gram[i], 12))
  projection.forEach((value, i) => expect(value).toBeCloseTo(anew.projection[i], 12))
})

test('moments are weighted sums over the rows', () => {
  const problem = problemOf(41)
  const { gram } = momentsOf(problem, new Float64Array(41).fill(1))
  for (const [i, j] of [
    [0, 0],
    [3, 1],
    [5, 4],
  ]) {
    let sum = 0
    problem.targets.forEach((unit, row) => {
      sum += (problem.rows[row * WIDTH + i] * problem.rows[row * WIDTH + j]) / unit ** 2 / 41
    })
    expect(gram[i * WIDTH + j]).toBeCloseTo(sum, 12)
  }
})

import type { Measured } from '@leti/devices'
import type { PlacedRecord } from '@leti/pipe'
import { expect, test } from 'vitest'
import { Repetitions } from './repetitions.js'

/** The second visits differ from the first by 2% to both sides. */
const SECOND = [1.02, 0.98, 1.02, 0.98, 1.02, 0.98]

const networks = SECOND.map((_, i) => ({ place: `stdin:${i + 1}` })) as unknown as PlacedRecord[]

function measured(median: number, costMs = 1000): Measured {
  // 40 runs of 10 ms that vary by 4%.
  const latency_ms = { median, count: 40 }
  return { measurement: { latency_ms }, effort: { costMs, variance: 0.04 ** 2 / 40 } } as Measured
}

test('the second visits of a few networks tell how often to run the next ones', () => {
  const repetitions = new Repetitions()
  for (const network of networks) repetitions.add(network, 1, measured(10))
  for (const [i, factor] of SECOND.entries()) {
    if (i < 5) expect(repetitions.plan(networks[i])).toBeUndefined()
    repetitions.add(networks[i], 2, measured(10 * factor))
  }
  // Half of the variance of 2% around their mean, less that of 40 runs; sqrt(1000 / 10 * 16 / 2.0) = 28.
  expect(repetitions.plan(networks[1])?.repetitions).toBe(29)
  expect(repetitions.plan(networks[1])?.reason).toMatch(/^29 runs of 9.80 ms: they vary by 4.0%/)
  expect(repetitions.plan({ place: 'new' } as PlacedRecord)).toBeUndefined()
})

test('a tool that chooses its own number of runs is not told', () => {
  const repetitions = new Repetitions()
  for (const visit of [1, 2]) {
    for (const network of networks) {
      repetitions.add(network, visit, { ...measured(10 * visit), effort: undefined })
    }
  }
  expect(repetitions.plan(networks[0])).toBeUndefined()
})

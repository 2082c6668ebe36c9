import { expect, test } from 'vitest'
import { isPrecise, sampleLatency } from './protocol.js'
import { latencyStatistics } from './statistics.js'

const PROTOCOL = { precision: 0.02, maxSeconds: 10, profile: false, requireFullDelegation: false }

/** A synthetic runtime whose runs take the given latencies; after the last, they stay the same. */
function syntheticInfer(latencies: number[]) {
  let runs = 0
  const infer = (count: number): Promise<number[]> =>
    Promise.resolve(
      Array.from({ length: count }, () => latencies[Math.min(runs++, latencies.length - 1)]),
    )
  return { infer, runs: () => runs }
}

test('drops the slow runs of the warm-up', async () => {
  const { infer } = syntheticInfer([200, 150, 120, 100])
  const samples = await sampleLatency(infer, PROTOCOL, 500)
  expect(new Set(samples)).toEqual(new Set([100]))
})

test('stops once the median is precise', async () => {
  const { infer, runs } = syntheticInfer([100])
  expect(await sampleLatency(infer, PROTOCOL, 100)).toHaveLength(10)
  expect(runs()).toBeLessThan(20)
})

test('samples fast networks for a second, however precise the first samples are', async () => {
  const { infer } = syntheticInfer([5])
  const samples = await sampleLatency(infer, PROTOCOL, 5)
  expect(samples.length).toBeGreaterThanOrEqual(200)
  expect(samples.length).toBeLessThan(300)
})

test('repeats an imprecise measurement until the time is spent', async () => {
  const noisy = Array.from({ length: 100_000 }, (_, run) => (run % 2 ? 100 : 200))
  const { infer } = syntheticInfer(noisy)
  const samples = await sampleLatency(infer, { ...PROTOCOL, maxSeconds: 0.05 }, 100)
  expect(samples.length).toBeGreaterThan(10)
  expect(isPrecise(latencyStatistics(samples), PROTOCOL.precision)).toBe(false)
})

test('takes one sample even if it has no time', async () => {
  const { infer } = syntheticInfer([100])
  const samples = await sampleLatency(infer, { ...PROTOCOL, maxSeconds: 0 }, 100)
  expect(samples).toEqual([100])
})

test.each([
  [5, 100, 100],
  // A quarter of a second at least: a shorter disturbance must not count.
  [5, 3, 50],
  [100, 30, 30],
  [100, 1, 10],
])(
  'runs of %i ms: %i are asked for, whatever the precision',
  async (latency, repetitions, least) => {
    const noisy = Array.from({ length: 500 }, (_, run) => latency * (run % 2 ? 0.8 : 1.2))
    const { infer } = syntheticInfer(noisy)
    const samples = await sampleLatency(infer, { ...PROTOCOL, repetitions }, latency)
    expect(samples.length).toBeGreaterThanOrEqual(least)
    expect(samples.length).toBeLessThan(least + 30)
  },
)

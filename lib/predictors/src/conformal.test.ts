import { describe, expect, it } from 'vitest'
import { conformalOf, empiricalCoverage, reachOf } from './conformal.js'

/** Latencies whose errors grow with their size: 1% to 10%. */
function sized(count: number, start = 0) {
  const predicted = Float64Array.from({ length: count }, (_, i) => 1 + ((i * 37 + start) % count))
  const measured = [...predicted].map((latency, i) => {
    const spread = 0.01 + (0.09 * latency) / count
    return latency * (1 + spread * Math.sin(12.9898 * (i + start)))
  })
  return { measured, predicted }
}

describe('conformal intervals', () => {
  it.each([0.7, 0.9])('hold a share of %d of new measurements', (coverage) => {
    const { measured, predicted } = sized(400)
    const conformal = conformalOf(measured, predicted)
    const fresh = sized(400, 7)
    const inside = fresh.measured.filter((latency, i) => {
      const reach = reachOf(conformal, fresh.predicted[i], coverage) ?? 0
      return Math.abs(latency / fresh.predicted[i] - 1) <= reach
    })
    expect(Math.abs(inside.length / 400 - coverage)).toBeLessThan(0.05)
  })

  it('are wider where errors are larger, once there are enough of them', () => {
    const { measured, predicted } = sized(400)
    const conformal = conformalOf(measured, predicted)
    expect(conformal.bins).toHaveLength(4)
    const [small, large] = [10, 390].map((latency) => reachOf(conformal, latency, 0.9) ?? 0)
    expect(large).toBeGreaterThan(2 * small)
  })

  it('do not exist where the errors are too few', () => {
    const conformal = conformalOf([1, 2, 3], Float64Array.of(1.1, 2.1, 3.1))
    expect(reachOf(conformal, 2, 0.9)).toBeUndefined()
    expect(reachOf(conformal, 2, 0.5)).toBeGreaterThan(0)
  })

  it('are judged on measurements that they were not made of', () => {
    const { measured, predicted } = sized(200)
    const folds = [0, 1].map((fold) => ({
      heldOut: [...predicted.keys()].filter((i) => i % 2 === fold),
    }))
    const share = empiricalCoverage(measured, predicted, folds, 0.8)
    expect(Math.abs(share - 0.8)).toBeLessThan(0.08)
  })
})

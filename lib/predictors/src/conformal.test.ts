import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'
import { conformalOf, empiricalCoverage, holds, reachOf } from './conformal.js'

const ones = (count: number): Float64Array => new Float64Array(count).fill(1)

/** Predictions and measurements whose relative errors grow with the latency, from 1% to 10%. */
function sized(count: number, start = 0) {
  const predicted = Float64Array.from({ length: count }, (_, i) => 1 + ((i * 37 + start) % count))
  const measured = [...predicted].map((latency, i) => {
    const spread = 0.01 + (0.09 * latency) / count
    return latency * (1 + spread * Math.sin(12.9898 * (i + start)))
  })
  return { measured, predicted, uncertainties: ones(count) }
}

/** Whether the interval of a prediction exists and holds the measurement. */
const isInside = (reach: ReturnType<typeof reachOf>, measured: number, predicted: number) =>
  reach !== undefined && holds(reach, measured, predicted)

describe('conformal intervals', () => {
  it.each([0.7, 0.9])('contain a share of %d of new measurements', (coverage) => {
    const { measured, ...validation } = sized(400)
    const conformal = conformalOf(measured, validation)
    const fresh = sized(400, 7)
    const inside = fresh.measured.filter((latency, i) => {
      return isInside(reachOf(conformal, fresh.predicted[i], coverage), latency, fresh.predicted[i])
    })
    expect(Math.abs(inside.length / 400 - coverage)).toBeLessThan(0.05)
  })

  it('are wider for latencies with larger errors, if there are enough samples', () => {
    const { measured, ...validation } = sized(400)
    const conformal = conformalOf(measured, validation)
    expect(conformal.bins).toHaveLength(4)
    const [small, large] = [10, 390].map((latency) => reachOf(conformal, latency, 0.9)?.below ?? 0)
    expect(large).toBeGreaterThan(2 * small)
  })

  it('are proportional to the uncertainty of each prediction', () => {
    const { measured, predicted } = sized(400)
    const uncertainties = predicted.map((latency) => 0.01 + (0.09 * latency) / 400)
    const conformal = conformalOf(measured, { predicted, uncertainties })
    const inside = measured.map((latency, i) => {
      return isInside(
        reachOf(conformal, predicted[i], 0.8, uncertainties[i]),
        latency,
        predicted[i],
      )
    })
    // With one width per bin, the intervals of small predictions would contain nearly all measurements.
    const least = inside.filter((_, i) => predicted[i] <= 40)
    expect(least.filter(Boolean).length / least.length).toBeLessThan(0.9)
    expect(inside.filter(Boolean).length / inside.length).toBeCloseTo(0.8, 1)
  })

  it('contain 85% instead of 90% in nine of ten training sets of ten networks', () => {
    const random = xoroshiro128plus(2)
    let holding = 0
    for (let draw = 0; draw < 1000; draw++) {
      // Errors between 0 and 1: a reach of r contains the share r of new ones.
      const measured = Array.from({ length: 10 }, () => 1 + uniformFloat64(random))
      const conformal = conformalOf(measured, { predicted: ones(10), uncertainties: ones(10) })
      if ((reachOf(conformal, 1, 0.9)?.above ?? 0) >= 0.85) holding++
    }
    expect(holding).toBeGreaterThan(890)
  })

  it('reach farther up for slow networks, as far as one in twenty of the errors', () => {
    const predicted = Float64Array.from({ length: 200 }, (_, i) => 1 + i)
    // Every thirteenth network is half as slow again; the others are up to 1% off.
    const measured = [...predicted].map(
      (latency, i) => latency * (i % 13 ? 1 + 0.01 * Math.sin(i) : 1.5),
    )
    const conformal = conformalOf(measured, { predicted, uncertainties: ones(200) })
    const [fast, slow] = [20, 180].map((latency) => reachOf(conformal, latency, 0.9))
    expect(fast).toMatchObject({ below: fast?.above })
    expect(slow?.above).toBeCloseTo(0.5)
    expect(slow?.below).toBeLessThan(0.02)
    expect(reachOf({ bins: conformal.bins }, 180, 0.9)).toMatchObject({
      below: slow?.below,
      above: slow?.below,
    })
  })

  it('do not exist if there are too few errors', () => {
    const conformal = conformalOf([1, 2, 3], {
      predicted: Float64Array.of(1.1, 2.1, 3.1),
      uncertainties: ones(3),
    })
    expect(reachOf(conformal, 2, 0.9)).toBeUndefined()
    expect(reachOf(conformal, 2, 0.5)?.below).toBeGreaterThan(0)
  })

  it('have an empirical coverage that is measured on held-out samples', () => {
    const { measured, ...validation } = sized(200)
    const folds = [0, 1].map((fold) => ({
      heldOut: [...measured.keys()].filter((i) => i % 2 === fold),
    }))
    const share = empiricalCoverage(measured, validation, folds, 0.8)
    expect(Math.abs(share - 0.8)).toBeLessThan(0.08)
  })
})

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'
import { boundOf } from './tolerance.js'

const random = xoroshiro128plus(11)
const uniform = () => uniformFloat64(random)
const exponential = () => -Math.log(1 - uniform())
const normal = () => Math.abs(Math.sqrt(2 * exponential()) * Math.cos(2 * Math.PI * uniform()))

/** Absolute errors of different shapes: without a tail, with the usual ones, and with one in 25 wild. */
const SHAPES = {
  uniform,
  normal,
  exponential,
  contaminated: () => normal() * (uniform() < 0.04 ? 10 : 1),
}

/** The share of 1,000 draws of `count` errors whose bound contains at least the share `least`. */
function reliability(draw: () => number, count: number, coverage: number, least: number): number {
  const fresh = ascending(Array.from({ length: 20_000 }, draw))
  const limit = fresh[Math.floor(least * fresh.length)]
  let reliable = 0
  for (let i = 0; i < 1000; i++) {
    const bound = boundOf(ascending(Array.from({ length: count }, draw)), coverage) as number
    if (bound >= limit) reliable++
  }
  return reliable / 1000
}

function ascending(values: number[]): number[] {
  return values.sort((a, b) => a - b)
}

describe('the bound of 90% of errors, of which it contains 85% or more', () => {
  const cases = Object.entries(SHAPES).flatMap(([name, draw]) =>
    [10, 14, 20, 50].map((count) => ({ count, name, draw })),
  )

  it.each(cases)('holds for nine of ten draws: $count errors, $name', ({ count, draw }) => {
    expect(reliability(draw, count, 0.9, 0.85)).toBeGreaterThan(0.89)
  })

  it('is the quantile if there are many errors', () => {
    const errors = ascending(Array.from({ length: 100 }, normal))
    expect(boundOf(errors, 0.9)).toBe(errors[90])
    const many = ascending(Array.from({ length: 1000 }, exponential))
    expect(boundOf(many, 0.9)).toBe(many[900])
  })

  it('does not follow one wild error out of twenty', () => {
    const errors = [...Array.from({ length: 19 }, (_, i) => (i + 1) / 100), 50]
    expect(boundOf(errors, 0.9)).toBeLessThan(10)
  })
})

describe('other coverages', () => {
  it('have larger bounds, the larger they are', () => {
    const errors = ascending(Array.from({ length: 40 }, exponential))
    const bounds = [0.5, 0.7, 0.8, 0.9, 0.95].map((coverage) => boundOf(errors, coverage) as number)
    expect(ascending([...bounds])).toEqual(bounds)
    expect(reliability(normal, 12, 0.8, 0.75)).toBeGreaterThan(0.89)
    expect(reliability(normal, 40, 0.5, 0.45)).toBeGreaterThan(0.89)
  })

  it('have no bound if there are too few errors', () => {
    expect(boundOf([1, 2, 3, 4, 5], 0.9)).toBeUndefined()
    expect(boundOf([1, 2, 3, 4, 5], 0.5)).toBeGreaterThanOrEqual(3)
    expect(boundOf([], 0.5)).toBeUndefined()
  })
})

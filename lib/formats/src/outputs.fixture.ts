import { expect } from 'vitest'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Numbers to feed to an input: uniform in [-1, 1), the same in each run. */
export function feed(input: number, size: number): Float32Array {
  const random = xoroshiro128plus(input + 1)
  return Float32Array.from({ length: size }, () => random.next() / 2 ** 31)
}

/** Expects each output to be within `tolerance`, relative to the largest expected magnitude. */
export function expectAlike(
  actual: readonly Float32Array[],
  expected: readonly Float32Array[],
  tolerance: number,
): void {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length))
  for (const [index, values] of expected.entries()) {
    const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
    expect(scale).toBeGreaterThan(0)
    let error = 0
    values.forEach((value, at) => {
      const difference = Math.abs(value - actual[index][at])
      // NaN is an infinite error.
      error = Math.max(error, Number.isNaN(difference) ? Infinity : difference / scale)
    })
    expect(error).toBeLessThan(tolerance)
  }
}

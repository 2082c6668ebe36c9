import { expect, test } from 'vitest'
import { verifyOutput } from './verify.js'

const REFERENCE = [1, -2, 0.5]

test('returns the largest difference, relative to the largest magnitude', () => {
  expect(verifyOutput([1, -2, 0.51], REFERENCE, 'first')).toBeCloseTo(0.005, 10)
  expect(verifyOutput(REFERENCE, REFERENCE, 'first')).toBe(0)
})

test.each([
  ['a wrong output', [1, -1.9, 0.5], /last run is 5.0% off/],
  ['NaN', [1, NaN, 0.5], /not finite/],
  ['infinity', [Infinity, -2, 0.5], /not finite/],
  ['null, which JSON writes for NaN', [1, null as unknown as number, 0.5], /not finite/],
  ['another length', [1, -2], /2 elements; the CPU reference has 3/],
])('refuses %s', (_name, output, message) => {
  expect(() => verifyOutput(output, REFERENCE, 'last')).toThrow(message)
})

test('refuses a reference that is not finite', () => {
  expect(() => verifyOutput([1], [NaN], 'first')).toThrow(/off the CPU reference/)
})

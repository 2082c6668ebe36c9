import { expect, test } from 'vitest'
import { verifyOutput } from './verify.js'

const REFERENCE = [1, -2, 0.5]

test('gives the largest difference relative to the largest magnitude', () => {
  expect(verifyOutput([1, -2, 0.51], REFERENCE, 'first')).toBeCloseTo(0.005, 10)
  expect(verifyOutput(REFERENCE, REFERENCE, 'first')).toBe(0)
})

test.each([
  ['another answer', [1, -1.9, 0.5], /last run is 5.0% off/],
  ['NaN', [1, NaN, 0.5], /not finite/],
  ['infinity', [Infinity, -2, 0.5], /not finite/],
  ['what JSON makes of NaN', [1, null as unknown as number, 0.5], /not finite/],
  ['another length', [1, -2], /2 elements, not 3/],
])('refuses %s', (_name, output, message) => {
  expect(() => verifyOutput(output, REFERENCE, 'last')).toThrow(message)
})

test('refuses to compare with a reference that is not finite', () => {
  expect(() => verifyOutput([1], [NaN], 'first')).toThrow(/off the CPU reference/)
})

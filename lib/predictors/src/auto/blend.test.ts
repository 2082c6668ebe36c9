import { expect, test } from 'vitest'
import { blended, blendedUncertainty } from './blend.js'

test('a blend is the weighted geometric mean', () => {
  // 2^(1/4) * 32^(3/4) = 2^(1/4 + 15/4) = 16
  expect(blended({ a: 0.25, b: 0.75 }, (name) => (name === 'a' ? 2 : 32))).toBeCloseTo(16, 12)
})

test('a candidate that predicts less than nothing makes no NaN', () => {
  expect(blended({ a: 0.5, b: 0.5 }, (name) => (name === 'a' ? -1 : 4))).toBe(0)
  expect(blended({ a: 1 }, () => -1)).toBe(0)
})

test('a blend is as uncertain as its parts on average', () => {
  expect(blendedUncertainty({ a: 0.25, b: 0.75 }, (name) => (name === 'a' ? 1 : 3))).toBe(2.5)
})

import { expect, test } from 'vitest'
import { fromHalf, toHalf } from './half.js'

const half = (value: number): number => toHalf(Float32Array.of(value))[0]
const rounded = (value: number): number => fromHalf(toHalf(Float32Array.of(value)))[0]

test('every half-precision number except NaN is converted to itself', () => {
  const halves = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits)
  const numbers = fromHalf(halves)
  const back = toHalf(numbers)
  const changed = [...halves].filter((bits) => !Number.isNaN(numbers[bits]) && back[bits] !== bits)
  expect(changed).toEqual([])
})

// The limits of IEEE 754 binary16.
test.each([
  [1, 0x3c00],
  [-2, 0xc000],
  [65_504, 0x7bff],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [Infinity, 0x7c00],
  [-0, 0x8000],
])('%d is %i', (value, bits) => {
  expect(half(value)).toBe(bits)
  expect(fromHalf(Uint16Array.of(bits))[0]).toBe(value)
})

test.each([
  [1 + 2 ** -11, 1],
  [1 + 2 ** -11 + 2 ** -20, 1 + 2 ** -10],
  [1 + 3 * 2 ** -11, 1 + 2 ** -9],
  [65_519, 65_504],
  [65_520, Infinity],
  [2 ** -25, 0],
  [3 * 2 ** -25, 2 ** -23],
  [-(2 ** -24) * 1.25, -(2 ** -24)],
  [NaN, NaN],
])('%d is rounded to %d: to the nearest, ties to even', (value, nearest) => {
  expect(rounded(value)).toBe(nearest)
})

import { expect, test } from 'vitest'
import { logStudentDensity, studentBound, studentTail } from './student.js'

// NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2, column .975.
test.each([
  [1, 12.706],
  [2, 4.303],
  [5, 2.571],
  [10, 2.228],
  [30, 2.042],
  [100, 1.984],
])('with %d degrees of freedom |t| exceeds %d in 5%% of cases', (freedom, bound) => {
  expect(studentBound(0.05, freedom)).toBeCloseTo(bound, 3)
  expect(studentTail(bound, freedom)).toBeCloseTo(0.05, 4)
})

test('the tail is small far out', () => {
  // Cauchy: 2 / pi * atan(1 / t).
  expect(studentTail(1000, 1)).toBeCloseTo((2 / Math.PI) * Math.atan(1e-3), 9)
  expect(studentTail(40, 60)).toBeLessThan(1e-40)
})

test('the density of one degree of freedom is that of Cauchy', () => {
  expect(Math.exp(logStudentDensity(2, 1))).toBeCloseTo(1 / (5 * Math.PI), 8)
})

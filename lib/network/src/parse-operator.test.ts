import { expect, test } from 'vitest'
import { parseOperator } from './parse-operator.js'

const WINDOW = { size: [3, 3], strides: [1, 1], padding: 'same' }
const CONV = { type: 'conv2d', filters: 4, window: { ...WINDOW, dilations: [2, 2] }, bias: true }

test.each([
  [CONV],
  [{ ...CONV, groups: 2 }],
  [{ type: 'relu' }],
  [{ type: 'constant', shape: [], value: 0.5 }],
  [{ type: 'slice', begin: [8], size: [3], strides: [-4] }],
  [{ type: 'pad', paddings: [[0, 1]] }],
])('%j is an operator', (value) => {
  expect(parseOperator(value, 'here')).toEqual(value)
})

test.each([
  [{ type: 'fft' }, 'here: unknown operator "fft"'],
  [{ type: 'constructor' }, 'unknown operator'],
  [{ type: 'zeros' }, 'unknown operator "zeros"'],
  [{ type: 'unknown', name: 'TILE', shape: [3] }, 'unknown operator'],
  [{ type: 'relu', alpha: 1 }, 'here: relu has no member "alpha"'],
  [{ ...CONV, filters: undefined }, 'here.filters cannot be absent'],
  [{ ...CONV, filters: 2 ** 25 }, 'here.filters cannot be 33554432'],
  [{ ...CONV, window: { ...WINDOW, padding: 'SAME' } }, 'here.window cannot be'],
  [{ ...CONV, window: { ...WINDOW, size: [3] } }, 'here.window cannot be'],
  [{ ...CONV, window: { ...WINDOW, kernel: 1 } }, 'here.window cannot be'],
  [{ type: 'max_pool', window: { ...WINDOW, dilations: [2, 2] } }, 'here.window cannot be'],
  [{ type: 'slice', begin: [0], size: [3], strides: [0] }, 'here.strides cannot be [0]'],
  [{ type: 'reshape', shape: [1, 1, 1, 1, 1, 1, 1] }, 'here.shape cannot be'],
  [{ type: 'leaky_relu', alpha: Infinity }, 'here.alpha cannot be'],
])('%j is refused: %s', (value, message) => {
  expect(() => parseOperator(value, 'here')).toThrow(message)
})

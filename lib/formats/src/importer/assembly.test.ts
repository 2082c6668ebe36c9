import { expect, test } from 'vitest'
import { unknownOperators } from '../unknown-operators.js'
import { Assembly } from './assembly.js'
import { constantOf } from './constant.js'

test('quantized weights count as work of an unknown operator, sizes and indices do not', () => {
  const assembly = new Assembly()
  const input = assembly.input('x', [1, 10, 4])
  const weights = constantOf(new Int8Array(4 * 6), [4, 6])
  const sizes = constantOf([10, 6])
  const [output] = assembly.unknown(['y'], 'QuantizedCustom', [input, weights, sizes], [[1, 10, 6]])
  const { network } = assembly.build('network', [output])
  expect(network.nodes.map(({ operator }) => operator.type)).toEqual([
    'input',
    'constant',
    'unknown',
  ])
  expect(unknownOperators(network).macShare).toBe(1)
})

test('an input that holds nothing is not called damaged', () => {
  expect(() => new Assembly().input('x', [2, 0, 4])).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: 'input "x" holds no numbers: its shape is 2x0x4',
    }),
  )
})

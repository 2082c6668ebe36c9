import { expect, test } from 'vitest'
import { kernelsOf } from './kernels.js'
import type { LetiRecord } from './record.js'
import { toRecord } from './validate.js'

const KERNEL = {
  type: 'conv2d',
  count: 2,
  input_shapes: [[8, 8, 4]],
  output_shape: [8, 8, 4],
  window: [1, 1],
  strides: [1, 1],
  macs: 1024,
  input_bytes: 1024,
  output_bytes: 1024,
  weight_bytes: 64,
}

test('gives the kernels as they are', () => {
  const record = toRecord({ id: 'n', kernels: [KERNEL] })
  expect(kernelsOf(record)).toEqual([KERNEL])
})

test.each<[string, unknown, string]>([
  ['none', undefined, 'missing-feature'],
  ['no list', {}, 'bad-input'],
  ['no kernel', [null], 'bad-input'],
  ['no type', [{ ...KERNEL, type: 1 }], 'bad-input'],
  ['a count of 0', [{ ...KERNEL, count: 0 }], 'bad-input'],
  ['negative MACs', [{ ...KERNEL, macs: -1 }], 'bad-input'],
  ['bytes as text', [{ ...KERNEL, input_bytes: '1' }], 'bad-input'],
  ['no shapes', [{ ...KERNEL, input_shapes: undefined }], 'bad-input'],
  ['a shape that is none', [{ ...KERNEL, output_shape: [0] }], 'bad-input'],
  ['a window of three', [{ ...KERNEL, window: [1, 1, 1] }], 'bad-input'],
  ['groups of half', [{ ...KERNEL, groups: 0.5 }], 'bad-input'],
  ['fused numbers', [{ ...KERNEL, fused: [1] }], 'bad-input'],
])('refuses %s', (_, kernels, code) => {
  const record = { id: 'n', kernels } as LetiRecord
  expect(() => kernelsOf(record)).toThrow(expect.objectContaining({ code }) as Error)
})

import { expect, test } from 'vitest'
import { complaintOf } from './complaint.js'

test.each([
  [
    'ERROR: Failed to load model /d/m\nERROR: Benchmarking failed.',
    'ERROR: Failed to load model /d/m',
  ],
  ['FATAL: no OpenCL\nAborted (core dumped)', 'FATAL: no OpenCL'],
  ['one\ntwo\n\n', 'two'],
  ['', 'it printed nothing'],
  ['\u0000\u0007bell error\u001b[31m', 'bell error [31m'],
])('%j', (text, complaint) => {
  expect(complaintOf(text)).toBe(complaint)
})

test('limits the length of the line', () => {
  expect(complaintOf(`error ${'x'.repeat(10_000)}`)).toHaveLength(200)
})

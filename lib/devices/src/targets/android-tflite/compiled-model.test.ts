import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseCompiledModel } from './compiled-model.js'

const posted = await readFile(new URL('fixtures/compiled-model-gpu.txt', import.meta.url), 'utf8')

test('parses a GPU run of LiteRT 2.1.5', () => {
  expect(parseCompiledModel(posted)).toEqual({
    loadMs: 23744.73,
    summary: { count: 10, min: 7416.4, max: 7448.86, mean: 7430.2, std: 9.92 },
    peakMemoryBytes: Math.round(6391.74 * 1024 * 1024),
  })
})

test('prefers the line with more digits and the median', () => {
  const line =
    'INFO: count=10 first=7431000 curr=7430100 min=7416401 max=7448859 avg=7.4302e+06 std=9921 p5=7416401 median=7429777 p95=7448859'
  expect(parseCompiledModel(`${line}\n\n${posted}`).summary).toMatchObject({
    min: 7416.401,
    median: 7429.777,
  })
})

test('reads the peak memory', () => {
  const text = posted.replace(
    /^.*Peak memory.*$/m,
    'INFO: [b.h:132] Peak memory:          71.25 MB',
  )
  expect(parseCompiledModel(text).peakMemoryBytes).toBe(71.25 * 1024 * 1024)
})

test.each([
  ['no output', '', 'it printed nothing'],
  [
    'no block of results',
    'ERROR: Failed to compile model.\nERROR: Benchmarking failed.',
    'Failed to compile',
  ],
  ['a missing line', posted.replace(/^.*Inference \(min\).*\n/m, ''), 'not understood'],
  ['a garbled number', posted.replace('7430.20 ms', '74x0.20 ms'), 'not understood'],
  ['another order of magnitude', posted.replace('7430.20 ms', '743.20 ms'), 'impossible timings'],
  ['no runs', posted.replace('(10 runs)', '(0 runs)'), 'impossible timings'],
  ['a garbled line before the block', `INFO: count=1\u0000\ufffd7 cu\n${posted}`, 'not understood'],
  ['a line that contradicts the block', `count=10 curr=5(all same)\n${posted}`, 'not understood'],
])('%s is an error, never a number', (_name, text, message) => {
  expect(() => parseCompiledModel(text)).toThrow(
    expect.objectContaining({
      code: 'model-failed',
      message: expect.stringContaining(message) as string,
    }),
  )
})

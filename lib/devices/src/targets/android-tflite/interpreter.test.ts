import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseInterpreter } from './interpreter.js'

const read = (name: string): Promise<string> =>
  readFile(new URL(`fixtures/${name}.txt`, import.meta.url), 'utf8')

const RESULT = (average: string): string =>
  `Inference timings in us: Init: 92318, First inference: 187533, Warmup (avg): 211669, Inference (avg): ${average}`

function output(count: string, average: string): string {
  return `INFO: Initialized session in 92.318ms.\nINFO: count=0\n\nINFO: ${count}\n\nINFO: ${RESULT(average)}\n`
}

test('parses the regular runs of TensorFlow 2.3 on a GPU, not the warm-up', async () => {
  expect(parseInterpreter(await read('interpreter-gpu'))).toEqual({
    loadMs: 870.557,
    summary: { count: 50, min: 113.737, max: 124.776, mean: 119.375, std: 1.948 },
  })
})

test('parses exponents, and ignores the statistics of the profile', async () => {
  const report = parseInterpreter(await read('interpreter-profile'))
  expect(report.summary).toMatchObject({ count: 50, mean: 2950.34, std: 109.798 })
  expect(report.peakMemoryBytes).toBe(Math.round(46.0859 * 1024 * 1024))
})

test('parses the median of newer builds', () => {
  const count =
    'count=25 first=187533 curr=140990 min=140071 max=195121 avg=145528 std=13583 p5=140545 median=141253 p95=187533'
  expect(parseInterpreter(output(count, '145528')).summary).toEqual({
    count: 25,
    min: 140.071,
    max: 195.121,
    mean: 145.528,
    std: 13.583,
    median: 141.253,
  })
})

test.each([
  ['count=1 curr=3512391', '3.51239e+06', 1],
  ['count=10 curr=30(all same) p5=30 median=30 p95=30', '30', 10],
])('parses a short line: %s', (count, average, runs) => {
  const { summary } = parseInterpreter(output(count, average))
  expect(summary).toMatchObject({ count: runs, std: 0, min: summary.max })
})

test('reads the peak memory', () => {
  const text = `${output('count=1 curr=500', '500')}Overall peak memory footprint (MB) via periodic monitoring: 21.5\n`
  expect(parseInterpreter(text).peakMemoryBytes).toBe(21.5 * 1024 * 1024)
})

test.each([
  ['no output', '', 'it printed nothing'],
  ['no result line', 'Initialized session in 3ms.\ncount=1 curr=5', 'not understood'],
  ['a number that lost characters', output('count=1 curr=35123', '351239'), 'not understood'],
  ['a line that lost characters', output('count=50 fi curr=5 min=', '5'), 'not understood'],
  ['no runs', output('count=0', '0'), 'not understood'],
  ['no time', output('count=5 curr=0(all same)', '0'), 'impossible timings'],
  [
    'a mean below the minimum',
    output('count=5 first=9 curr=9 min=900 max=1000 avg=500 std=9', '500'),
    'impossible timings',
  ],
  [
    'a minimum above the maximum',
    output('count=5 first=9 curr=9 min=900 max=500 avg=700 std=9', '700'),
    'impossible timings',
  ],
  [
    'a spread beyond the range',
    output('count=5 first=9 curr=9 min=900 max=1000 avg=950 std=9000', '950'),
    'impossible timings',
  ],
])('%s is an error, never a number', (_name, text, message) => {
  expect(() => parseInterpreter(text)).toThrow(
    expect.objectContaining({
      code: 'model-failed',
      message: expect.stringContaining(message) as string,
    }),
  )
})

import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseProfile } from './profile-table.js'

const posted = await readFile(new URL('fixtures/interpreter-profile.txt', import.meta.url), 'utf8')

test('parses the operators of MobileNet in the order of execution, without the initialization', () => {
  const kernels = parseProfile(posted)
  expect(kernels).toHaveLength(31)
  expect(kernels[0]).toEqual({ name: 'CONV_2D', ms: 60.957 })
  expect(kernels[30]).toEqual({ name: 'SOFTMAX', ms: 0.233 })
  const total = kernels.reduce((sum, { ms }) => sum + ms, 0)
  // The tool's own sum is 2949.9 ms.
  expect(total).toBeCloseTo(2949.9, 0)
})

test("parses the older columns in Android's log", async () => {
  const log = await readFile(new URL('fixtures/logcat-profile.txt', import.meta.url), 'utf8')
  const text = log.replace(/^.*? tflite {2}: ?/gm, '')
  expect(parseProfile(`${text}\nNumber of nodes executed: 2`)).toEqual([
    { name: 'ModifyGraphWithDelegate', ms: 54.571 },
    { name: 'AllocateTensors', ms: 1.419 },
  ])
  // The post ends here, like a log that was cut off.
  expect(parseProfile(text)).toEqual([])
})

test("a delegate's own kernels replace its node", () => {
  const row = (name: string, ms: string): string =>
    `\t${name}\t0.000\t${ms}\t${ms}\t9.0%\t9.0%\t0.000\t1\t${name}:0`
  const header =
    '\t[node type]\t[start]\t[first]\t[avg ms]\t[%]\t[cdf%]\t[mem KB]\t[times called]\t[Name]'
  const table = (...rows: string[]): string =>
    ['== Run Order ==', header, ...rows, '', `Number of nodes executed: ${rows.length}`].join('\n')
  const text = [
    'Operator-wise Profiling Info for Regular Benchmark Runs:',
    table(row('PAD', '0.1'), row('TfLiteXNNPackDelegate', '2.0'), row('SOFTMAX', '0.2')),
    'Delegate internal: ',
    table(row('Convolution (NHWC, F32) IGEMM', '1.5'), row('Add (ND, F32)', '0.4')),
  ].join('\n')
  expect(parseProfile(text)).toEqual([
    { name: 'PAD', ms: 0.1 },
    { name: 'Convolution (NHWC, F32) IGEMM', ms: 1.5 },
    { name: 'Add (ND, F32)', ms: 0.4 },
    { name: 'SOFTMAX', ms: 0.2 },
  ])
})

test('returns no kernels without a table', () => {
  expect(parseProfile('INFO: no table here')).toEqual([])
})

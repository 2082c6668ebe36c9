import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseAppLog } from './logcat.js'

const posted = await readFile(new URL('fixtures/logcat-nnapi.txt', import.meta.url), 'utf8')

test('finds one invocation of several by its arguments', () => {
  const log = parseAppLog(posted, '--use_nnapi=true')
  expect(log?.pid).toBe(21767)
  expect(log?.text.split('\n')).toHaveLength(13)
  expect(log?.text).toContain('model graph will not be executed by the delegate.')
  expect(log?.text).not.toContain('Use gpu')
})

test('marks errors', () => {
  const log = parseAppLog(posted, '--use_gpu=true')
  expect(log).toMatchObject({ pid: 22206 })
  expect(log?.text).toContain('ERROR: UNPACK: Operation is not supported.')
})

test('ignores the clock and the lines of other apps', () => {
  const text = [
    '--------- beginning of main',
    '12-31 23:59:59.999  1000  1001 I tflite_BenchmarkModelActivity: Running TensorFlow Lite benchmark with args: --graph=/m --benchmark_name=leti-1',
    '01-01 00:00:00.001  1000  1001 I tflite  : first',
    '01-01 00:00:00.001   999   999 I tflite  : of another app',
    '06-30 12:00:00.000  1000  1001 I tflite  : second',
  ].join('\r\n')
  expect(parseAppLog(text, 'leti-1')).toEqual({ pid: 1000, text: 'first\nsecond' })
})

test('finds nothing if the app has not started', () => {
  expect(parseAppLog(posted, 'leti-2')).toBeUndefined()
})

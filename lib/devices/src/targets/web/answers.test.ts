import { describe, expect, test } from 'vitest'
import { RESULTS, startOf } from './answers.js'

const answered = (result: unknown, elapsedMs = 10) => ({ result, elapsedMs })

const PAGE = { runtime: 'tfjs@4.22.0', threads: 1, isolated: true }
const BROWSER = { agent: 'Safari', clockStepMs: 0.02, wakeLock: false }

test('what a browser does not tell is absent', () => {
  expect(startOf(answered({ page: PAGE, browser: BROWSER, more: 1 }), 'tfjs')).toEqual({
    page: PAGE,
    browser: BROWSER,
  })
})

test('texts are bounded, and steer no terminal', () => {
  const browser = { ...BROWSER, agent: '\u001b[31m'.repeat(1000), cores: 8, model: 'A' }
  const start = startOf(answered({ page: PAGE, browser }), 'tfjs')
  expect(start.browser.agent).toMatch(/^[\\u\d[a-z]{1,2000}$/)
  expect(start.browser).toMatchObject({ cores: 8, model: 'A' })
})

describe('is refused', () => {
  test.each([
    [null],
    [{ page: PAGE }],
    [{ page: { ...PAGE, runtime: 'litert@1' }, browser: BROWSER }],
    [{ page: { ...PAGE, threads: 0 }, browser: BROWSER }],
    [{ page: PAGE, browser: { ...BROWSER, agent: 1 } }],
    [{ page: PAGE, browser: { ...BROWSER, clockStepMs: null } }],
    [{ page: PAGE, browser: { ...BROWSER, cores: 1.5 } }],
  ])('a start: %j', (result) => {
    expect(() => startOf(answered(result), 'tfjs')).toThrow('the page answered with no valid')
  })

  test.each([
    ['load', {}],
    ['load', { loadMs: -1 }],
    ['load', { loadMs: '1' }],
    ['infer', [1]],
    ['infer', [1, 2, 3]],
    ['infer', [1, null]],
    ['infer', [1, -1]],
    ['infer', 'no'],
    ['lastOutput', {}],
    ['lastOutput', [1, '2']],
    ['profile', { kernels: [{ name: 1, ms: 1 }], peakMemoryBytes: 1 }],
    ['profile', { kernels: [], peakMemoryBytes: 'many' }],
  ] as const)('%s: %j', (method, result) => {
    expect(() => RESULTS[method](answered(result), 2)).toThrow('the page answered with no valid')
  })
})

test('runs that took longer than this computer waited are refused', () => {
  expect(RESULTS.infer(answered([4, 5], 10), 2)).toEqual([4, 5])
  expect(() => RESULTS.infer(answered([40, 50], 10), 2)).toThrow('no valid latencies')
})

test('an output that is no number is not one', () => {
  expect(RESULTS.lastOutput(answered([1, null]))).toEqual([1, NaN])
})

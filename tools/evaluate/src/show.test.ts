import { metricsOf } from '@leti/predictors'
import { expect, test } from 'vitest'
import { csvOf, tableOf } from './show.js'

const row = (device: string, predictor: string) => ({
  device,
  predictor,
  metrics: metricsOf([1, 2, 4], [1, 2, 3]),
})

test('a name in the table steers no terminal and forges no line', () => {
  const table = tableOf([row('\u001b[2Jpixel\ncpu', '\u202ep\u009b')])
  expect(table.split('\n')).toHaveLength(2)
  expect(table).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u)
  expect(table).toContain('\\u001b[2Jpixel\\ncpu \\u202ep\\u009b')
})

test('a name in the CSV is no formula; numbers stay numbers', () => {
  const [, line] = csvOf([row('=cmd', '-1')]).split('\n')
  expect(line).toMatch(/^'=cmd,'-1,3,8\.3/)
})

import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { quote } from './quote.js'

test.each([
  'plain',
  '',
  'two words',
  "it's",
  '$HOME `id` $(id) \\ " ; rm -rf / & | > < * ? [a] {b} ~ # !',
  'line\nbreak',
  "'",
  "''\\''",
  '--es args "--graph=/a b"',
])('a shell reads %j unchanged', (argument) => {
  const command = ['printf', '%s', argument].map(quote).join(' ')
  expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' })).toBe(argument)
})

test('adds no quotes where none are needed', () => {
  expect(quote('--graph=/data/local/tmp/m.tflite')).toBe('--graph=/data/local/tmp/m.tflite')
})

import { expect, test } from 'vitest'
import { parseJson } from './index.js'

test('JSON is parsed', () => {
  expect(parseJson(' {"a": [1, "x"]} ')).toEqual({ a: [1, 'x'] })
})

test.each([
  ['root:x:0:0:root:/root:/bin/bash', 'not JSON: unexpected character'],
  ['{"password": "hunter2"', 'not JSON: error at character 23'],
  ['{"a": [1,', 'not JSON: it ends too early'],
  ['', 'not JSON: it ends too early'],
  ['{"secret" 1}', 'not JSON: error at character 11'],
  ['"hunter2', 'not JSON: error at character 9'],
])('an error does not quote the text: %s', (text, message) => {
  expect(() => parseJson(text)).toThrow(
    expect.objectContaining({ code: 'bad-input', message }) as Error,
  )
})

import { expect, test } from 'vitest'
import { visible } from './visible.js'

test.each([
  ['\u001b[31mred', '\\u001b[31mred'],
  ['two\nlines\r\n', 'two\\nlines\\u000d\\n'],
  ['\u0000\u0007\u0008\t\u007f', '\\u0000\\u0007\\u0008\\u0009\\u007f'],
  ['\u009b31m', '\\u009b31m'],
  ['a\u202eb\u2066c\u200f', 'a\\u202eb\\u2066c\\u200f'],
  ['a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ['Größe 模型 ✓ a\\b "c"', 'Größe 模型 ✓ a\\b "c"'],
])('%j', (text, expected) => {
  expect(visible(text)).toBe(expected)
})

test('JSON stays the same JSON', () => {
  const value = { name: 'a\u009bb\u202ec\n\u007f' }
  const json = visible(JSON.stringify(value))
  expect(json).toBe('{"name":"a\\u009bb\\u202ec\\n\\u007f"}')
  expect(JSON.parse(json)).toEqual(value)
})

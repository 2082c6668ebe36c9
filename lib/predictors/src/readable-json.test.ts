import { expect, it } from 'vitest'
import { readableJson } from './readable-json.js'

const value = {
  short: { a: 1, b: [1, 2, { c: null }], absent: undefined },
  long: Array.from({ length: 3 }, (_, i) => ({ name: `x${i}`, text: 'y'.repeat(100) })),
}

it('parses to the same value as plain JSON', () => {
  expect(JSON.parse(readableJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
})

it('breaks only values that do not fit on a line', () => {
  const lines = readableJson(value).split('\n')
  expect(lines[1]).toBe('  "short": {"a":1,"b":[1,2,{"c":null}]},')
  expect(lines[2]).toBe('  "long": [')
  expect(lines[3]).toMatch(/^ {4}\{"name":"x0".*\},$/)
})

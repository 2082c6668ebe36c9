import { expect, test } from 'vitest'
import { fusionRulesOf, fusionText } from './fusion-file.js'

const HEAD = { device: 'phone \u001b[31m', runtime: 'tfjs', backend: 'wasm', alpha: 0.5 }
const PAIR = { first: 'conv2d', second: 'softmax', first_ms: 2, second_ms: 1, both_ms: 2 }

test('the file that fusion-probe writes is one that featurize reads', () => {
  const pairs = [
    { ...PAIR, fused: true },
    { ...PAIR, second: 'add', fused: null },
  ]
  const text = fusionText({ ...HEAD, pairs })
  expect(fusionRulesOf(JSON.parse(text)).get('conv2d')).toContain('softmax')
  expect(text).not.toContain('\u001b')
  expect(() => fusionText({ ...HEAD, pairs: [] })).not.toThrow()
})

test('a time that is not finite ends in an error, not in a file that featurize refuses', () => {
  const pairs = [{ ...PAIR, both_ms: NaN, fused: null }]
  expect(() => fusionText({ ...HEAD, pairs })).toThrow('both_ms')
})

import { expect, test } from 'vitest'
import { partialDelegation } from './delegation.js'

test.each([
  [undefined, 'the device does not report what ran on gpu'],
  [{ full: false }, 'only part of the model ran on gpu'],
  [{ full: false, delegated_nodes: 0 }, '0 of its operators ran on gpu'],
  [{ full: false, delegated_nodes: 17, total_nodes: 21 }, '17 of 21 operators ran on gpu'],
])('the message for %j', (delegation, words) => {
  expect(partialDelegation(delegation, 'gpu')).toMatchObject({
    code: 'partial-delegation',
    message: `${words} (--require-full-delegation)`,
  })
})

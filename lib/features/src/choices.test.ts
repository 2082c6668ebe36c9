import { fbnet, nb101, nb201 } from '@leti/spaces'
import { expect, test } from 'vitest'
import { choiceFeatures } from './choices.js'

/** The names of the features that are 1, of features that are all 0 or 1. */
function chosen(features: Record<string, number>): string[] {
  expect(Object.values(features).every((value) => value === 0 || value === 1)).toBe(true)
  return Object.keys(features).filter((name) => features[name] === 1)
}

test('marks the operation of each edge of an NAS-Bench-201 cell', () => {
  const arch_str =
    '|nor_conv_3x3~0|+|none~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|'
  const features = choiceFeatures(nb201, nb201.parse({ space: 'nb201', arch_str }))
  expect(chosen(features)).toEqual([
    'choice_0_1_nor_conv_3x3',
    'choice_0_2_none',
    'choice_1_2_avg_pool_3x3',
    'choice_0_3_skip_connect',
    'choice_1_3_nor_conv_1x1',
    'choice_2_3_nor_conv_3x3',
  ])
  // 6 edges of 5 operations.
  expect(Object.keys(features)).toHaveLength(30)
})

test('marks the block of each layer of an FBNet', () => {
  const ops = new Array<string>(22).fill('k3_e1').with(1, 'skip').with(21, 'k5_e1_g2')
  const features = choiceFeatures(fbnet, fbnet.parse({ space: 'fbnet', ops }))
  const names = ops.map((block, layer) => `choice_${layer}_${block}`)
  expect(chosen(features)).toEqual(names)
  expect(names.slice(0, 2)).toEqual(['choice_0_k3_e1', 'choice_1_skip'])
  // 22 layers of 9 blocks.
  expect(Object.keys(features)).toHaveLength(198)
})

test('a space without a list of choices has none of these features', () => {
  expect(choiceFeatures(nb101, undefined)).toEqual({})
})

import type { Arch } from '@leti/records'
import { describe, expect, test } from 'vitest'
import { checkSettings, seenSettings } from './settings.js'

const seen = seenSettings([{ space: 'zoo', name: 'resnet18', resolution: 224 }])

test('a resolution that a network leaves out may be one that was seen', () => {
  expect(() => checkSettings(seen, { space: 'zoo', name: 'resnet50' })).not.toThrow()
  expect(() => checkSettings(seen, { space: 'zoo', name: 'resnet50', resolution: 320 })).toThrow(
    '"arch.resolution" is 320: the predictor was trained on 224 only',
  )
})

test('a batch of 1 is no batch', () => {
  const batched = { space: 'zoo', name: 'resnet18', resolution: 224, batch: 1 }
  expect(() => checkSettings(seen, batched)).not.toThrow()
  expect(() => checkSettings(seen, { ...batched, batch: 8 })).toThrow('"arch.batch" is 8')
})

describe('a published value that is written out is that of a record that leaves it out', () => {
  const CIFAR = { input_shape: [32, 32, 3], stem_filter_size: 128, num_stacks: 3 }
  const CASES = [
    ['nb101', { config: { stem_filter_size: 128 } }, { config: { stem_filter_size: 64 } }],
    ['nb101', { config: { ...CIFAR, num_labels: 10 } }, { config: { num_labels: 100 } }],
    ['nb201', { config: { input_shape: [32, 32, 3] } }, { config: { input_shape: [16, 16, 3] } }],
    ['fbnet', { width: 1, resolution: 224 }, { width: 0.5 }],
    ['fbnet', { head_filter_size: 1984, num_labels: 1000 }, { head_filter_size: 1504 }],
    ['zoo', { name: 'resnet18', resolution: 224, width: 1, batch: 1 }, { resolution: 128 }],
    ['zoo', { name: 'efficientnet_b1', resolution: 240, num_labels: 1000 }, { resolution: 224 }],
  ] as const

  test.each(CASES)('%s %j', (space, written, other) => {
    const short: Arch = { space, ...('name' in written && { name: written.name }) }
    const long: Arch = { ...short, ...written }
    for (const [trained, asked] of [
      [short, long],
      [long, short],
    ]) {
      const seen = seenSettings([trained])
      expect(() => checkSettings(seen, asked)).not.toThrow()
      expect(() => checkSettings(seen, { ...asked, ...other })).toThrow('the predictor was trained')
    }
  })

  test('in old files too, which do not write it out', () => {
    const old = { nb101: { 'config.stem_filter_size': ['the published value', '64'] } }
    const at = (size: number): Arch => ({ space: 'nb101', config: { stem_filter_size: size } })
    for (const size of [64, 96, 128]) expect(() => checkSettings(old, at(size))).not.toThrow()
    expect(() => checkSettings(old, at(256))).toThrow(
      'is 256: the predictor was trained on 64, 128',
    )
    expect(() => checkSettings(old, { space: 'nb101' })).not.toThrow()
  })
})

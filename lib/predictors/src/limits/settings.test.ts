import { expect, test } from 'vitest'
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

import { describe, expect, test } from 'vitest'
import { CHOICE_SPACES } from './names.js'
import { networkOf, SPACES } from './registry.js'
import { allArchitectures, drawArchitectures, settingsOf } from './sample-choices.js'

test('the spaces to draw from are those of independent choices', () => {
  expect(CHOICE_SPACES).toEqual(Object.keys(SPACES).filter((name) => SPACES[name].choices))
})

test.each(CHOICE_SPACES)(
  '%s: draws the same architectures for the same seed, and a longer draw begins with them',
  (space) => {
    const ids = (count: number, seed: number) =>
      [...drawArchitectures(space, count, seed)].map(({ id }) => id)
    const once = ids(50, 1)
    expect(new Set(once).size).toBe(50)
    expect(ids(20, 1)).toEqual(once.slice(0, 20))
    expect(ids(50, 2)).not.toEqual(once)
  },
)

test.each(CHOICE_SPACES)('%s: drawn architectures can be built', (space) => {
  for (const record of drawArchitectures(space, 20, 1)) {
    expect(networkOf(record).written.name).toBe(record.id)
  }
})

test('nb201 has 15,625 architectures, all different', () => {
  const ids = [...allArchitectures('nb201')].map(({ arch }) => arch?.arch_str)
  expect(ids).toHaveLength(15_625)
  expect(new Set(ids).size).toBe(15_625)
  expect([...drawArchitectures('nb201', 15_625, 0)]).toHaveLength(15_625)
  expect(() => [...drawArchitectures('nb201', 15_626, 0)]).toThrow('only 15625')
})

test('fbnet has too many architectures to list', () => {
  expect(() => [...allArchitectures('fbnet')]).toThrow('too many to list')
})

describe('settings', () => {
  const firstOf = (space: string, given: object) =>
    [...drawArchitectures(space, 1, 1, settingsOf(space, { ...given }))][0]

  test.each([
    ['nb201', { dataset: 'cifar10' }, '', {}],
    ['nb201', { dataset: 'cifar100' }, '-l100', { config: { num_labels: 100 } }],
    [
      'nb201',
      { dataset: 'ImageNet16-120' },
      '-i16x16x3-l120',
      { config: { input_shape: [16, 16, 3], num_labels: 120 } },
    ],
    [
      'nb201',
      { input_shape: [32, 32, 3], num_labels: 100 },
      '-l100',
      { config: { num_labels: 100 } },
    ],
    ['fbnet', { resolution: 224, width: 1 }, '', {}],
    [
      'fbnet',
      { resolution: 96, width: 0.35, head_filter_size: 1416, num_labels: 10 },
      '-r96-w0.35-h1416-l10',
      { resolution: 96, width: 0.35, head_filter_size: 1416, num_labels: 10 },
    ],
  ])('%s with %j: the id and the arch tell them apart', (space, given, suffix, members) => {
    const published = firstOf(space, {})
    const record = firstOf(space, given)
    expect(record.id).toBe(published.id + suffix)
    expect(record.arch).toEqual({ ...published.arch, ...members })
    expect(networkOf(record).written.name).toBe(record.id)
  })

  test.each([
    ['nb201', { width: 0.5 }, 'space "nb201" has no --width; it has --dataset, --input-shape'],
    ['fbnet', { dataset: 'cifar100' }, 'space "fbnet" has no --dataset; it has --resolution'],
    ['nb201', { dataset: 'cifar100', num_labels: 10 }, '--dataset already sets'],
    ['nb201', { input_shape: [2 ** 24, 2 ** 24, 3] }, 'the network is too large'],
    ['fbnet', { resolution: 16 }, '"resolution" must be a whole number from 32'],
  ])('%s with %j is refused', (space, given, message) => {
    expect(() => settingsOf(space, { ...given })).toThrow(message)
  })
})

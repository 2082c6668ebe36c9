import { expect, test } from 'vitest'
import { CHOICE_SPACES } from './names.js'
import { networkOf, SPACES } from './registry.js'
import { allArchitectures, drawArchitectures } from './sample-choices.js'

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

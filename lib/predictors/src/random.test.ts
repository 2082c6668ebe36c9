import { expect, test } from 'vitest'
import { shuffled, shuffledNetworks } from './random.js'

const IDS = Array.from({ length: 20 }, (_, index) => ({ id: `n${index}` }))

test('measurements of one network stay together', () => {
  const twice = [...IDS, ...IDS]
  const networks = shuffledNetworks(twice, 0)
  expect(networks).toHaveLength(20)
  for (const [first, second, ...others] of networks) {
    expect(second).toBe(first + 20)
    expect(others).toEqual([])
  }
  expect(networks.map(([first]) => first)).not.toEqual([...IDS.keys()])
})

test('networks that were measured once are shuffled like other items', () => {
  expect(shuffledNetworks(IDS, 3).flat()).toEqual(shuffled([...IDS.keys()], 3))
})

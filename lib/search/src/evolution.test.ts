import { expect, test } from 'vitest'
import { evolution } from './evolution.js'
import { Front } from './front.js'
import { hypervolume } from './hypervolume.js'
import type { Judge, Judged, Point } from './judge.js'
import { exhaustive } from './exhaustive.js'
import { randomSearch } from './random.js'
import { searchSpace } from './spaces.js'

const space = searchSpace('nb201', {})
const budget_ms = 20

/** What each operation costs and is worth on an edge: a convolution is worth less the more there are. */
const MS = [0, 0.1, 2, 5, 3]
const WORTH = [0, 2, 7, 12, 3]

function pointOf(id: string): Point {
  const options = Array.from({ length: 6 }, (_, edge) => Number(id['nb201-'.length + edge]))
  const latency_ms = options.reduce((sum, option, edge) => sum + MS[option] * (1 + edge / 10), 0.5)
  const worth = options.reduce((sum, option, edge) => sum + WORTH[option] * (2 - edge / 6), 0)
  return { latency_ms, value: Math.sqrt(worth) }
}

const judge: Judge = (records) =>
  Promise.resolve(
    records.map((record) => {
      const point = pointOf(record.id)
      return point.latency_ms <= budget_ms ? { record, ...point } : undefined
    }),
  )

async function gathered(found: AsyncIterable<Judged>): Promise<Judged[]> {
  const all: Judged[] = []
  for await (const judged of found) all.push(judged)
  return all
}

function volume(found: readonly Judged[]): number {
  const front = new Front<Judged>()
  for (const judged of found) front.add(judged)
  return hypervolume(front.points, { latency_ms: budget_ms, value: 0 })
}

test('evolution finds nearly the whole front within a tenth of the space, random search less', async () => {
  const whole = volume(await gathered(exhaustive(space.all?.() ?? [], judge)))
  const options = { evaluations: 400, budget_ms }
  const missing = { evolved: 0, random: 0 }
  for (let seed = 0; seed < 5; seed++) {
    const evolved = await gathered(evolution(space, judge, { ...options, seed }))
    const random = await gathered(randomSearch(space, judge, { ...options, seed }))
    for (const found of [evolved, random]) {
      expect(new Set(found.map(({ record }) => record.id)).size).toBe(400)
      expect(found.every(({ latency_ms }) => latency_ms <= budget_ms)).toBe(true)
    }
    missing.evolved += 1 - volume(evolved) / whole
    missing.random += 1 - volume(random) / whole
  }
  expect(missing.evolved / 5).toBeLessThan(0.05)
  expect(missing.evolved).toBeLessThan(missing.random / 2)
})

test('the seed decides', async () => {
  const ids = async (seed: number) =>
    (await gathered(evolution(space, judge, { seed, evaluations: 120, budget_ms }))).map(
      ({ record }) => record.id,
    )
  expect(await ids(1)).toEqual(await ids(1))
  expect(await ids(1)).not.toEqual(await ids(2))
})

test.each([
  ['evolution', evolution],
  ['random search', randomSearch],
])('%s ends if hardly a network is within the budget', async (_, search) => {
  const rare: Judge = (records) =>
    Promise.resolve(
      records.map((record) =>
        record.id === 'nb201-000000' ? { record, latency_ms: 1, value: 1 } : undefined,
      ),
    )
  const options = { seed: 1, evaluations: 2000, budget_ms }
  const found = await gathered(search(space, rare, options))
  expect(found.length).toBeLessThanOrEqual(1)
})

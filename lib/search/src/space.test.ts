import { mersenne } from 'pure-rand/generator/mersenne'
import { networkOf, type Cell } from '@leti/spaces'
import { describe, expect, test } from 'vitest'
import { SEARCH_SPACES } from './names.js'
import { searchSpace } from './spaces.js'
import { NOTEBOOK } from '../../spaces/src/nb101/notebook.fixture.js'

test.each(SEARCH_SPACES)('%s draws and mutates networks that can be built', (name) => {
  const space = searchSpace(name, {})
  const random = mersenne(3)
  let genes = space.draw(random)
  const ids = new Set<string>()
  for (let step = 0; step < 40; step++) {
    const record = space.record(genes)
    if (record) {
      ids.add(record.id)
      expect(record.arch?.space).toBe(name)
      networkOf(record)
    }
    genes = space.mutate(record ? genes : space.draw(random), random)
  }
  expect(ids.size).toBeGreaterThan(5)
})

test('lists NAS-Bench-201 and the zoo completely, FBNet not at all', () => {
  const all = [...(searchSpace('nb201', {}).all?.() ?? [])]
  expect(new Set(all.map(({ id }) => id)).size).toBe(15_625)
  expect([...(searchSpace('zoo', { width: 0.5 }).all?.() ?? [])].length).toBeGreaterThan(3)
  expect(searchSpace('fbnet', {}).all).toBeUndefined()
})

test('takes what differs from the published networks', () => {
  const [first] = searchSpace('nb201', { num_labels: 100 }).all?.() ?? []
  expect(first).toMatchObject({ id: 'nb201-000000-l100', arch: { config: { num_labels: 100 } } })
  const cells = searchSpace('nb101', { stem_filter_size: 16 })
  const record = cells.record(NOTEBOOK)
  expect(record?.arch).toMatchObject({ config: { stem_filter_size: 16 } })
  expect(record?.id).toMatch(/^nb101-[0-9a-f]{32}-f16$/)
  expect(() => searchSpace('zoo', { widht: 1 })).toThrow('the zoo has no "widht"')
  expect(() => searchSpace('nb101', { widht: 1 })).toThrow('unknown config member "widht"')
})

describe('cells of NAS-Bench-101', () => {
  const space = searchSpace('nb101', {})

  test('a mutation flips each of 21 edges with 1/7, and changes each operation with 1/5', () => {
    const random = mersenne(11)
    const count = 4000
    const flips = new Map<string, number>()
    const changes = [0, 0, 0, 0, 0, 0, 0]
    for (let i = 0; i < count; i++) {
      const child = space.mutate(NOTEBOOK, random) as Cell
      child.matrix.forEach((row, from) =>
        row.forEach((edge, to) => {
          const key = `${from}-${to}`
          if (edge !== NOTEBOOK.matrix[from][to]) flips.set(key, (flips.get(key) ?? 0) + 1)
        }),
      )
      child.operations.forEach(
        (name, at) => (changes[at] += Number(name !== NOTEBOOK.operations[at])),
      )
    }
    expect(flips.size).toBe(21)
    // Five standard deviations of the share: .0055 and .0063.
    for (const flipped of flips.values())
      expect(Math.abs(flipped / count - 1 / 7)).toBeLessThan(0.028)
    for (const changed of changes.slice(1, 6))
      expect(Math.abs(changed / count - 1 / 5)).toBeLessThan(0.032)
    expect([changes[0], changes[6]]).toEqual([0, 0])
  })

  test('more than nine edges, or no way from input to output, is no network', () => {
    const matrix = NOTEBOOK.matrix.map((row, from) => row.map((_, to) => Number(from < to)))
    expect(space.record({ ...NOTEBOOK, matrix })).toBeUndefined()
    const empty = NOTEBOOK.matrix.map((row) => row.map(() => 0))
    expect(space.record({ ...NOTEBOOK, matrix: empty })).toBeUndefined()
  })

  test('edges that pruning drops do not count', () => {
    // Vertex 6 has many edges to it, but no way to the output: the cell is input, conv, output.
    const matrix = [
      [0, 1, 1, 1, 1, 1, 0],
      [0, 0, 1, 1, 1, 1, 1],
      [0, 0, 0, 1, 1, 1, 0],
      [0, 0, 0, 0, 1, 1, 0],
      [0, 0, 0, 0, 0, 1, 0],
      [0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0],
    ]
    expect(space.record({ ...NOTEBOOK, matrix })?.arch?.module_adjacency).toEqual([
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 0],
    ])
  })
})

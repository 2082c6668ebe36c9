import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseCell } from './cell.js'
import { CELL_COUNT } from './cells.js'
import { enumerateGraphs, fullGraphs } from './enumerate.js'
import { countLabelings } from './graph.js'
import { moduleHash } from './hash.js'

/** 40 cells of the public NAS-Bench-101 data with their published hashes. */
const GOLDEN = JSON.parse(
  readFileSync(new URL('../../../../fixtures/nb101-golden.json', import.meta.url), 'utf8'),
) as { module_hash: string; module_adjacency: number[][]; module_operations: string[] }[]

test.each(GOLDEN)('$module_hash is the hash of its cell', (golden) => {
  const cell = parseCell(golden.module_adjacency, golden.module_operations)
  expect(moduleHash(cell)).toBe(golden.module_hash)
})

test('the public script labels 1,293,208 graphs', () => {
  let count = 0
  for (let vertices = 2; vertices <= 7; vertices++) {
    count += [...fullGraphs(vertices)].length * countLabelings(vertices)
  }
  expect(count).toBe(1_293_208)
})

test('the space has 423,624 cells', () => {
  const cells = enumerateGraphs().reduce((sum, { labelings }) => sum + labelings.length, 0)
  expect(cells).toBe(423_624)
  expect(CELL_COUNT).toBe(423_624)
})

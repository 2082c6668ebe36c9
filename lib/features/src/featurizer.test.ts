import { readFileSync } from 'node:fs'
import { toRecord, type LetiRecord } from '@leti/records'
import { drawArchitectures, networkOf, OPERATION_NAMES, PUBLISHED_OPERATIONS } from '@leti/spaces'
import { expect, it, test } from 'vitest'
import { featurize } from './featurize.js'
import { Featurizer } from './featurizer.js'
import { FEATURE_SETS, type FeatureSetName } from './names.js'

const CELLS = new URL('../../../fixtures/measured/nb101-f16-chromium-webgl.ndjson', import.meta.url)

const PARENTS = readFileSync(CELLS, 'utf8')
  .split('\n', 25)
  .map((line) => toRecord(JSON.parse(line)))

/** Cells of a few graphs with all mixtures of operations: each graph is met often enough to be prepared. */
function* cells(operations: readonly string[]): Generator<LetiRecord> {
  for (let round = 0; round < 8; round++) {
    for (const [index, { id, arch }] of PARENTS.entries()) {
      const length = (arch?.module_operations as string[]).length
      const names = Array.from({ length }, (_, vertex) => {
        return operations[(round * 7 + vertex * (round + 1) + index) % operations.length]
      })
      const config = index % 2 ? arch?.config : undefined
      yield { id, arch: { ...arch, space: 'nb101', module_operations: names, config } }
    }
  }
}

function same(records: Iterable<LetiRecord>, sets: readonly FeatureSetName[]): void {
  const featurizer = new Featurizer({ sets })
  for (const record of records) {
    const expected = featurize(networkOf(record), { sets })
    // As text: the order of the features counts too.
    expect(JSON.stringify(featurizer.featurize(record))).toBe(JSON.stringify(expected))
  }
}

test('cells of a graph have the features that each has alone, in the same order', () => {
  same(cells(PUBLISHED_OPERATIONS), FEATURE_SETS)
})

test('cells of equal features share the object, and no other cells do', () => {
  const featurizer = new Featurizer({ sets: FEATURE_SETS.filter((set) => set !== 'graph') })
  const found = new Map<object, string>()
  let shared = 0
  for (const record of [...cells(PUBLISHED_OPERATIONS), ...cells(PUBLISHED_OPERATIONS)]) {
    const { features } = featurizer.featurize(record)
    const text = JSON.stringify(features)
    if (found.has(features)) shared++
    expect(found.get(features) ?? text).toBe(text)
    found.set(features, text)
  }
  expect(shared).toBeGreaterThan(150)
})

test('so have other cells, and those of other spaces', () => {
  same(cells(OPERATION_NAMES), FEATURE_SETS)
  same(drawArchitectures('nb201', 20, 1), FEATURE_SETS)
  same(drawArchitectures('fbnet', 3, 1), FEATURE_SETS)
})

it.each([[['siblings']], [['path', 'graph']], [['cell', 'siblings', 'proxies']]] as const)(
  'only the sets that are wanted: %s',
  (sets) => same([...cells(PUBLISHED_OPERATIONS)].slice(0, 150), sets),
)

test('a cell that cannot be built is refused, however often its graph was met', () => {
  const featurizer = new Featurizer({ sets: ['proxies'] })
  // Two vertices share the output: one channel is not enough for both.
  const arch = {
    module_adjacency: [
      [0, 1, 1, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 1],
      [0, 0, 0, 0],
    ],
    module_operations: ['input', 'conv1x1-bn-relu', 'maxpool3x3', 'output'],
  }
  const outcome = (change: object): unknown => {
    try {
      return featurizer.featurize({ id: 'x', arch: { space: 'nb101', ...arch, ...change } })
    } catch (error) {
      return String(error)
    }
  }
  const narrow = { config: { stem_filter_size: 1 } }
  // More often than it takes until graphs are prepared.
  const outcomes = Array.from({ length: 20 }, () => outcome(narrow))
  expect(outcomes[0]).toContain('LetiError')
  expect(new Set(outcomes).size).toBe(1)
  for (let i = 0; i < 20; i++) outcome({})
  expect(outcome({ config: 5 })).toContain('config')
  expect(outcome({ module_operations: [] })).toContain('operation')
  expect(outcome({ stem: 1 })).toContain('stem')
})

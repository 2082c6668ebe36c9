import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { moduleHash } from '../lib/spaces/src/index.js'
import { benchmarkFile } from '../tools/nb101-accuracy/src/benchmark.fixture.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NOTEBOOK } from '../lib/spaces/src/nb101/notebook.fixture.js'
import { records, shell } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-accuracy-'))
const data = join(folder, 'nasbench.tfrecord')

const CELL = { module_adjacency: NOTEBOOK.matrix, module_operations: NOTEBOOK.operations }

/** What the notebook prints of it. */
const PUBLISHED = {
  parameters: 2_694_282,
  training_s: 1155.85302734375,
  train: 1,
  validation: 0.9376001358032227,
  test: 0.9311898946762085,
}

beforeAll(() => {
  const { parameters, training_s, train, validation, test } = PUBLISHED
  const hash = moduleHash({ matrix: CELL.module_adjacency, operations: CELL.module_operations })
  writeFileSync(
    data,
    benchmarkFile([{ hash, parameters, end: [training_s, train, validation, test] }]),
  )
  writeFileSync(join(folder, 'spec.ndjson'), JSON.stringify(CELL))
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('nb101-accuracy', () => {
  test('adds the published accuracy of the cell in the notebook, then from its index', async () => {
    for (const extra of ['', '--half-way']) {
      const { code, stdout, stderr } = await shell(
        `nb101-sample --spec ${folder}/spec.ndjson | nb101-accuracy --data ${data} ${extra}`,
      )
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const [{ accuracy }] = records(stdout)
      expect(accuracy).toMatchObject({ ...PUBLISHED, epochs: 108 })
      expect(accuracy).toHaveProperty('runs.0.validation', PUBLISHED.validation)
      expect(existsSync(`${data}.index`)).toBe(true)
    }
  })

  test('records without an accuracy pass with an error that says why', async () => {
    const sampled =
      '(nb101-sample -n 1 --seed 5; nb101-sample -n 1 --stem-filter-size 16; space-sample -n 1)'
    const { code, stdout, stderr } = await shell(`${sampled} | nb101-accuracy --data ${data}`)
    expect(code).toBe(1)
    expect(records(stdout).map(({ error }) => error?.message)).toEqual([
      expect.stringMatching(/nasbench.tfrecord has no training of cell [0-9a-f]{32}$/),
      'the accuracies are of the published configuration; this record has another',
      'space "nb201": the accuracies are of nb101 only',
    ])
    expect(stderr).toMatch(/^stdin:1: /)
  })

  test('a file that is no TFRecord is wrong usage', async () => {
    const { code, stdout, stderr } = await shell('nb101-accuracy --data package.json < /dev/null')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(
      /^nb101-accuracy: package.json is no TFRecord file of NAS-Bench-101: byte 0: /,
    )
    expect(existsSync('package.json.index')).toBe(false)
  })
})

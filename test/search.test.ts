import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PredictorFile } from '../lib/predictors/src/index.js'
import type { LetiRecord } from '../lib/records/src/index.js'
import { records, shell } from './run.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-search-'))
const cells = join(folder, 'cells.ndjson')
const featurized = join(folder, 'featurized.ndjson')
const predictor = join(folder, 'predictor.json')
const CONFIG = '--stem-filter-size 64'

beforeAll(async () => {
  const made = await shell(
    `featurize fixtures/measured/nb101-f64-node-wasm.ndjson | train -q --model additive > ${predictor} &&
      nb101-sample -n 120 --seed 4 ${CONFIG} > ${cells} && featurize ${cells} > ${featurized}`,
  )
  expect(made).toMatchObject({ code: 0, stderr: '' })
})

afterAll(() => rmSync(folder, { recursive: true }))

/** What comparing all pairs of predicted networks leaves, by descending MACs. */
async function bruteForce(budget: number, risk: number) {
  const { stdout } = await shell(
    `predict --predictor ${predictor} --coverage ${1 - risk} ${featurized}`,
  )
  const all = records(stdout)
    .filter(({ prediction }) => prediction && (prediction.high_ms ?? Infinity) <= budget)
    .map(({ id, prediction, features }) => ({
      id,
      ms: prediction?.latency_ms ?? 0,
      macs: features?.macs ?? 0,
      prediction,
    }))
  return all
    .filter(
      (a, i) =>
        !all.some((b) => b.ms <= a.ms && b.macs >= a.macs && (b.ms < a.ms || b.macs > a.macs)) &&
        !all.slice(0, i).some((b) => b.ms === a.ms && b.macs === a.macs),
    )
    .sort((a, b) => b.macs - a.macs)
}

interface Proposal extends LetiRecord {
  readonly search: { readonly value: number; readonly rank: number; readonly bound_ms: number }
}

function proposals(stdout: string): Proposal[] {
  return records(stdout) as unknown as Proposal[]
}

describe('search', () => {
  test.each([
    [5, 0.1],
    [7, 0.5],
    [30, 0.1],
  ])(
    'finds within %f ms at risk %f what brute force through the pipe finds',
    async (budget, risk) => {
      const expected = await bruteForce(budget, risk)
      const { code, stdout } = await shell(
        `search -q --predictor ${predictor} --budget-ms ${budget} --risk ${risk} ${cells}`,
      )
      expect(code).toBe(0)
      const found = proposals(stdout)
      expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
      expect(found.map(({ prediction }) => prediction)).toEqual(
        expected.map((one) => one.prediction),
      )
      expect(found.map(({ search }) => search.value)).toEqual(expected.map(({ macs }) => macs))
      expect(found.map(({ search }) => search.rank)).toEqual(expected.map((_, i) => i + 1))
      expect(found.map(({ search }) => search.bound_ms)).toEqual(
        expected.map(({ prediction }) => prediction?.high_ms),
      )
      expect(found.length).toBeGreaterThan(1)
    },
  )

  test('bounds are raised if the predictor flatters the networks that it would propose', async () => {
    const file = JSON.parse(readFileSync(predictor, 'utf8')) as PredictorFile
    const held_out = file.held_out?.map((one) => ({ ...one, latency_ms: 3 * one.predicted_ms }))
    const flattering = join(folder, 'flattering.json')
    writeFileSync(flattering, JSON.stringify({ ...file, held_out }))
    const { code, stdout, stderr } = await shell(
      `search --predictor ${flattering} --budget-ms 30 ${cells}`,
    )
    expect(code).toBe(0)
    expect(stderr).toMatch(/^search: 20 of the 20 training networks .*: bounds are raised up to /m)
    const found = proposals(stdout)
    expect(found.length).toBeGreaterThan(1)
    for (const { prediction, search } of found) {
      expect(search.bound_ms).toBeGreaterThan(1.5 * (prediction?.high_ms ?? Infinity))
      expect(search.bound_ms).toBeLessThanOrEqual(30)
    }
  })

  test('progress is shown on a terminal', async () => {
    const search = `search --predictor ${predictor} --budget-ms 30 --config '{\\"stem_filter_size\\":64}'`
    const { stdout } = await shell(
      `script -qec "${search} --space nb101 --method random --evaluations 20 > /dev/null" /dev/null`,
    )
    expect(stdout).toMatch(/within the budget .* 20\/20, /)
    const read = await shell(
      `script -qec "search --predictor ${predictor} --budget-ms 30 ${cells} > /dev/null" /dev/null`,
    )
    expect(read.stdout).toContain('100% 120 lines')
  })

  test('what an objective command has judged before it dies is written', async () => {
    const script = join(folder, 'objective.cjs')
    writeFileSync(
      script,
      `let left = 20
      require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        if (!left--) process.exit(9)
        const { id, prediction } = JSON.parse(line)
        console.log(JSON.stringify({ id, objective: prediction.latency_ms }))
      })`,
    )
    const { code, stdout, stderr } = await shell(
      `search --predictor ${predictor} --budget-ms 8 --space nb101 --config '{"stem_filter_size":64}' ` +
        `--objective "node ${script}" --best 5`,
    )
    expect(code).toBe(1)
    expect(stderr).toMatch(/^after \d+ networks: the objective command ended with exit code 9$/m)
    const found = proposals(stdout)
    expect(found.map(({ search }) => search.rank)).toEqual([1, 2, 3, 4, 5])
    expect(found.every(({ id }) => id.endsWith('-f64'))).toBe(true)
  })

  test('joins accuracies, and counts what does not match', async () => {
    const [first, second] = await bruteForce(30, 0.1)
    const table = join(folder, 'accuracy.csv')
    writeFileSync(table, `id,accuracy\n${first.id},0.91\nb,0.5\n${second.id},0.94\nc,0.6\nd,0\n`)
    const { code, stdout, stderr } = await shell(
      `search --predictor ${predictor} --budget-ms 30 --accuracy ${table} --best 9 ${cells}`,
    )
    expect(code).toBe(0)
    expect(proposals(stdout).map(({ id, accuracy }) => [id, accuracy])).toEqual([
      [second.id, 0.94],
      [first.id, 0.91],
    ])
    expect(stderr).toContain(
      `search: --accuracy ${table}: 3 of its 5 ids match no network; ` +
        '118 of 120 networks have no accuracy and are left out\n',
    )
    expect(stderr).toMatch(/^2 best within 30 ms \(risk 0.1\) of 120 networks looked at$/m)
  })

  test.each([
    [
      '--budget-ms 0.001',
      1,
      /^--budget-ms 0.001: no network is within the budget: the lowest upper bound is /,
    ],
    ['--budget-ms 9 --method random', 2, /^search: --method requires --space$/],
    [
      '--budget-ms 9 --space fbnet --method exhaustive',
      2,
      /^search: --space and files exclude each other/,
    ],
    ['--budget-ms 9 --accuracy no-such-file', 2, /^search: cannot read no-such-file/],
    [
      '--budget-ms 9 --objective accuracy --best 2',
      1,
      /none of the \d+ networks within the budget has a value of the objective: the records have no "accuracy"/,
    ],
  ])('%s is told in one line', async (args, expected, message) => {
    const { code, stdout, stderr } = await shell(
      `search -q --predictor ${predictor} ${args} ${cells}`,
    )
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
    expect(stderr).toMatch(message)
  })
})

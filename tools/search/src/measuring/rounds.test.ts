import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Featurizer } from '@leti/features'
import type { Io } from '@leti/pipe'
import { loadPredictor, TrainingRecords, trainPredictor, type Predictor } from '@leti/predictors'
import { messageOf, type LetiRecord } from '@leti/records'
import { searchSpace } from '@leti/search'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { costObjective } from '../objectives/cost.js'
import type { MeasuringOptions, SearchOptions } from '../options.js'
import { searchInRounds } from './rounds.js'

// A synthetic device: the latency of a cell of NAS-Bench-201 is a sum over its edges, which its id tells.
const DEVICE = 'synthetic'
const MS = [0.1, 0.2, 1, 4, 0.5]
const LATENCY = `(id) => 1 + [...id.slice(6)].reduce((sum, option) => sum + ${JSON.stringify(MS)}[option], 0)`
const BUDGET = 14

const featurizer = new Featurizer({ sets: ['proxies', 'cell', 'choices'] })
const all = [...(searchSpace('nb201', {}).all?.() ?? [])]
/** Every 197th: their options differ. */
const candidates = all.filter((_, i) => i % 197 === 0)
const few = candidates.filter((_, i) => i % 3 === 0)
const training = all.filter((_, i) => i % 700 === 7).map(measured)

let predictor: Predictor
let file: string
let said: string[]

beforeAll(async () => {
  const set = new TrainingRecords()
  for (const record of training) set.add({ ...record, ...featurizer.featurize(record) })
  const options = { model: 'flops', latencyScale: 'linear', folds: 5, seed: 0 } as const
  predictor = loadPredictor(JSON.stringify(await trainPredictor(set.training(), options)))
})

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'leti-test-')), 'measured.ndjson')
  writeFileSync(file, training.map((record) => `${JSON.stringify(record)}\n`).join(''))
  said = []
})

function latencyOf(id: string): number {
  return 1 + Array.from(id.slice(6)).reduce((sum, option) => sum + MS[Number(option)], 0)
}

function measured({ id, arch }: LetiRecord): LetiRecord {
  return { id, arch, measurement: { device: DEVICE, latency_ms: { median: latencyOf(id) } } }
}

/** A command that handles each line with JavaScript: the parsed `record`, its number `i`, `say`, `latency`. */
function device(script = 'answer(latency(record.id))'): string {
  const program = `
    let i = 0
    const say = (value) => console.log(JSON.stringify(value))
    const latency = ${LATENCY}
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const record = JSON.parse(line); i++
      const answer = (median, id = record.id, device = "${DEVICE}") =>
        say({ id, arch: record.arch, measurement: { device, latency_ms: { median } } })
      ${script} })`
  return `${process.execPath} -e '${program}'`
}

function io(): Io {
  return {
    signal: new AbortController().signal,
    endWithin: () => undefined,
    warn: (message: string) => said.push(message),
    fail: (place: string, message: string) => said.push(`${place}: ${message}`),
    caught: (place: string, error: unknown) => said.push(`${place}: ${messageOf(error)}`),
    // eslint-disable-next-line @typescript-eslint/require-await
    async *records([name]: readonly string[]) {
      for (const record of name === 'few' ? few : candidates)
        yield { record, place: record.id, text: '' }
    },
  } as unknown as Io
}

/** Searches, and returns the proposals. */
async function search(command: string, options: Partial<MeasuringOptions & SearchOptions> = {}) {
  const measuring = { command, measured: file, measurements: 12, perRound: 5, ...options }
  const searching: SearchOptions = {
    files: ['candidates'],
    predictor: 'file',
    'budget-ms': BUDGET,
    risk: 0.1,
    evaluations: 100,
    seed: 0,
    timeout: 20,
    ...options,
  }
  const objective = costObjective('macs')
  const { proposals } = await searchInRounds(
    searching,
    measuring,
    predictor,
    undefined,
    objective,
    io(),
  )
  return proposals.records()
}

interface Sought {
  readonly search: { readonly round: number; readonly reason: string; readonly rank: number }
}

/** What the searches have appended. */
function appended(): (LetiRecord & Sought)[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(training.length)
  return lines.map((line) => JSON.parse(line) as LetiRecord & Sought)
}

test('rounds measure what is proposed and what is uncertain, up to a number, and the front knows it', async () => {
  const first = await search(device())
  const found = appended()
  expect(found.map(({ search }) => search.round)).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3])
  expect(new Set(found.map(({ search }) => search.reason))).toEqual(new Set(['front', 'uncertain']))
  expect(new Set(found.map(({ id }) => id)).size).toBe(12)
  const known = first.filter(({ measurement }) => measurement)
  expect(known.length).toBeGreaterThan(1)
  for (const { id } of known) expect(latencyOf(id)).toBeLessThanOrEqual(BUDGET)
  expect(said.filter((line) => line.startsWith('round'))).toEqual([
    expect.stringMatching(/^round 1: 5 measured, 5 of 12 in all; of 4 that were proposed \d took /),
    expect.stringMatching(/^round 2: 5 measured, 10 of 12 in all/),
    expect.stringMatching(/^round 3: 2 measured, 12 of 12 in all/),
  ])

  // Nothing is left to do, and the result is the same.
  expect(await search('exit 9')).toEqual(first)
  expect(appended()).toHaveLength(12)
})

test('what was measured before the command dies stays, and the next run goes on', async () => {
  const found = await search(device('if (i === 4) process.exit(7); answer(latency(record.id))'))
  expect(appended()).toHaveLength(3)
  expect(said).toContain('round 1: the measure command ended with exit code 7')
  expect(found.length).toBeGreaterThan(1)

  // As if the search itself had been killed within a line.
  appendFileSync(file, '{"id":"nb201-')
  await search(device())
  expect(appended()).toHaveLength(12)
  expect(new Set(appended().map(({ id }) => id)).size).toBe(12)
})

test('it ends when the front stands still, all of it measured', async () => {
  const found = await search(device(), { files: ['few'], measurements: 1000, perRound: 15 })
  expect(appended().length).toBeLessThan(few.length)
  expect(found.every(({ measurement }) => measurement)).toBe(true)
  // The true front, by comparing all pairs.
  const within = few.filter(({ id }) => latencyOf(id) <= BUDGET)
  const points = await Promise.all(
    within.map(async (record) => {
      const [macs] = await costObjective('macs').valuesOf([record])
      return { id: record.id, ms: latencyOf(record.id), macs: macs ?? 0 }
    }),
  )
  const best = points
    .filter((a) => !points.some((b) => b.ms <= a.ms && b.macs >= a.macs && b !== a))
    .sort((a, b) => b.macs - a.macs)
  expect(best.length).toBeGreaterThan(2)
  const ids = new Set(found.map(({ id }) => id))
  expect(best.filter(({ id }) => ids.has(id)).length).toBeGreaterThan(0.7 * best.length)
})

test('a network that cannot be measured is reported and not proposed', async () => {
  const found = await search(
    device(
      'i === 1 ? say({ id: record.id, error: { message: "crashed" } }) : answer(latency(record.id))',
    ),
    { measurements: 5 },
  )
  const [failed] = appended()
  expect(said).toContain(`${failed.id}: not measured: crashed`)
  expect(found.map(({ id }) => id)).not.toContain(failed.id)
})

test.each([
  ['answer(1, "nb201-000000")', /^round 1: the measure command answered for nb201-000000, which/],
  ['say({ id: record.id })', /^round 1: the measure command gave neither a measurement nor an /],
  ['if (i > 1) answer(1)', /^round 1: the measure command ended without an answer for nb201-/],
  ['console.log("warming up")', /^round 1: the measure command wrote a line that is no record: /],
  [
    'setInterval(() => {}, 1000)',
    /^round 1: the measure command gave no answer within 0.5 s; 5 of 5/,
  ],
  [
    'answer(1, record.id, "pixel")',
    /^round 1: the measure command measured on pixel, but the predictor is of synthetic$/,
  ],
])('%s is told in one line, and the front is there', async (script, message) => {
  const found = await search(device(script), { timeout: script.startsWith('set') ? 0.5 : 20 })
  expect(said.find((line) => line.startsWith('round'))).toMatch(message)
  expect(found.length).toBeGreaterThan(0)
})

test('without the training set the predictor cannot be trained again', async () => {
  writeFileSync(file, `${JSON.stringify(training[0])}\n`)
  await expect(search(device())).rejects.toThrow(
    /has 1 measured networks of synthetic, but synthetic-flops-\w+ was trained on 23: begin with a copy/,
  )
})

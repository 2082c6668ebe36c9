import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { measuredRecord, synthetic } from '../lib/predictors/src/synthetic.fixture.js'
import { syntheticTable } from '../lib/predictors/src/tables/synthetic-table.fixture.js'
import { measuredLatency, type LetiRecord } from '../lib/records/src/index.js'
import { records as parsed, shell, type Outcome } from './run.js'

// Transfer from other devices, in real pipes: pick, and published tables as references.

const records: LetiRecord[] = synthetic(60, 0.02).map(measuredRecord)
const [fresh, ...others] = syntheticTable(20)
const five = fresh.slice(0, 5)

let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'leti-transfer-'))
  write('records.ndjson', lines(records))
  write('tables.ndjson', lines(others.flat()))
})

afterAll(() => rmSync(directory, { recursive: true }))

describe('pick', () => {
  it('writes the requested number of records, unchanged, and the same each time', async () => {
    const { code, stdout, stderr } = await sh('pick -n 8 records.ndjson')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const texts = stdout.trim().split('\n')
    expect(new Set(texts).size).toBe(8)
    const known = new Set(records.map((record) => JSON.stringify(record)))
    expect(texts.filter((text) => !known.has(text))).toEqual([])
    expect((await sh('pick -n 8 records.ndjson')).stdout).toBe(stdout)
    const { stdout: fewer } = await sh('pick -n 3 records.ndjson')
    expect(stdout.startsWith(fewer)).toBe(true)
  })

  it('takes several visits of a network for one network', async () => {
    write('visits.ndjson', lines([...records, ...records]))
    const { stderr } = await sh('pick -n 61 visits.ndjson')
    expect(stderr).toContain('cannot pick 61 networks: there are only 60')
  })

  it('takes the next visit of a network whose first one has no features', async () => {
    const text = lines([records[0], { ...records[1], features: {} }, records[1]])
    const { code, stdout } = await sh('pick -n 2', text)
    expect(code).toBe(1)
    expect(stdout.trim().split('\n')).toHaveLength(2)
  })

  it('refuses to pick more records than the input has', async () => {
    const { code, stdout, stderr } = await sh('pick -n 61 records.ndjson')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('cannot pick 61 networks: there are only 60')
  })

  it('leaves out a record with other features, and reports its place', async () => {
    const text = lines([records[0], { ...records[1], features: { macs: 1 } }, records[2]])
    const { code, stdout, stderr } = await sh('pick -n 2', text)
    expect(code).toBe(1)
    expect(stdout.trim().split('\n')).toHaveLength(2)
    expect(stderr).toMatch(/^stdin:2: feature "bytes" is missing/)
  })

  it.each([
    [{}, '"features" is empty: run featurize again'],
    [{ ...records[0].features, macs: 1e308 }, '"features.macs" is 1e+308: no network has that'],
  ])('leaves out a record with unusable features', async (features, message) => {
    const text = lines([{ ...records[0], features }, ...records.slice(1, 4)])
    const { code, stdout, stderr } = await sh('pick -n 2', text)
    expect(code).toBe(1)
    expect(stdout.trim().split('\n')).toHaveLength(2)
    expect(stderr).toContain(`stdin:1: ${message}`)
  })

  it('picks from the others if some records lack features', async () => {
    const text = lines([records[0], { ...records[1], features: undefined }, records[2]])
    const { code, stdout, stderr } = await sh('pick -n 3', text)
    expect(code).toBe(1)
    expect(stdout.trim().split('\n')).toHaveLength(2)
    expect(stderr).toMatch(/^stdin:2: no "features"/)
    expect(stderr).toContain('cannot pick 3 networks: there are only 2 without an error')
  })
})

describe("ncnn's networks, measured here", () => {
  /** Millions of multiply-accumulates. The last network is not in the zoo. */
  const networks = {
    squeezenet: 418,
    mobilenet_v2: 314,
    shufflenet_v2: 145,
    vgg16: 15_470,
    blazeface: 30,
  }
  const table = [2, 3, 5, 8, 13, 21].flatMap((speed, board) =>
    Object.entries(networks).map(([name, work]) => ({
      id: `ncnn-${name}`,
      arch: { space: 'ncnn', name },
      measurement: {
        device: `board-${board}-cpu-t1-p0`,
        target: 'ncnn',
        backend: 'cpu',
        threads: 1,
        latency_ms: { min: work / speed, mean: work / speed + 1, max: work / speed + 2, count: 8 },
        environment: { soc: `board ${board}` },
      },
    })),
  )

  it('give predictions for the other networks of a published table', async () => {
    write('ncnn.ndjson', lines(table))
    const pipe = await sh(
      'gen-model --ncnn squeezenet,mobilenet_v2,shufflenet_v2 | device-run -qd node --max-seconds 0 |' +
        'tee three.ndjson | train -q --reference ncnn.ndjson > here.json',
    )
    expect(pipe).toEqual({ code: 0, stdout: '', stderr: '' })
    const three = readFileSync(join(directory, 'three.ndjson'), 'utf8')
    const others = lines(table.slice(3, 5))
    const { code, stdout } = await sh('predict --predictor here.json three.ndjson -', others)
    expect(code).toBe(0)
    const all = parsed(stdout)
    expect(all.map(({ id }) => id)).toEqual([...new Set(table.map(({ id }) => id))])
    const latencies = all.map(({ prediction }) => prediction?.latency_ms ?? NaN)
    expect(latencies.slice(0, 3)).toEqual(parsed(three).map((record) => measuredLatency(record)))
    const [squeezenet, , , vgg16, blazeface] = latencies
    expect(vgg16).toBeGreaterThan(5 * squeezenet)
    expect(blazeface).toBeLessThan(squeezenet)
  })
})

describe('train --reference with tables', () => {
  it('predicts every network of the tables on a device with five measurements', async () => {
    await sh('train -q --reference tables.ndjson > new.json', lines(five))
    const { code, stdout } = await sh('predict --predictor new.json', lines(fresh))
    expect(code).toBe(0)
    const predicted = parsed(stdout)
    expect(predicted).toHaveLength(fresh.length)
    for (const record of predicted) {
      const measured = measuredLatency(record) ?? NaN
      expect(Math.abs((record.prediction?.latency_ms ?? NaN) / measured - 1)).toBeLessThan(0.2)
    }
  })

  it('reports the errors on the devices of the tables, and each measurement left out', async () => {
    const slow = { ...five[2].measurement, latency_ms: { mean: 1e4 } }
    const wild = { ...five[2], measurement: slow } as unknown as LetiRecord
    const text = lines([...five.slice(0, 2), wild, ...five.slice(3)])
    const { code, stderr } = await sh('train --reference tables.ndjson', text)
    expect(code).toBe(0)
    expect(stderr).toContain(`${wild.id}: left out, the other measurements contradict it`)
    expect(stderr).toMatch(/runs of the tables are predicted from the others/)
    expect(stderr).toMatch(/median error: \d+\.\d%/)
  })

  it('reports a damaged line of the tables, and continues', async () => {
    write('damaged.ndjson', `${lines(others.flat())}{"id"\n{"id":"a"}\n`)
    const { code, stdout, stderr } = await sh('train --reference damaged.ndjson', lines(five))
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ model: 'tables' })
    expect(stderr).toMatch(
      /^damaged\.ndjson:\d+: [^\n]+\ndamaged\.ndjson:\d+: "measurement" is missing/,
    )
  })

  it.each([
    [
      'a mix of tables and predictors',
      '--reference tables.ndjson --reference ridge.json',
      'either predictors or measured',
    ],
    ['tables with --model', '--reference tables.ndjson --model gp', '--model'],
    ['a file of another format', '--reference foreign.txt', 'foreign.txt is neither'],
    ['a missing file', '--reference nowhere', 'nowhere'],
    ['a predictor made from tables', '--reference new.json', 'was made from tables'],
  ])('%s is wrong usage', async (_, options, message) => {
    await sh('train -q --model ridge records.ndjson > ridge.json')
    await sh('train -q --reference tables.ndjson > new.json', lines(five))
    write('foreign.txt', 'hello\n')
    const { code, stdout, stderr } = await sh(`train ${options}`, lines(five))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

async function sh(command: string, input = ''): Promise<Outcome> {
  return shell(command, { cwd: directory, stdin: 'pipe', input })
}

function write(name: string, text: string): void {
  writeFileSync(join(directory, name), text)
}

function lines(records: readonly object[]): string {
  return records.map((record) => JSON.stringify(record) + '\n').join('')
}

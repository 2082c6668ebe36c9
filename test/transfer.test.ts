import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { measuredRecord, synthetic } from '../lib/predictors/src/synthetic.fixture.js'
import { syntheticTable } from '../lib/predictors/src/tables/synthetic-table.fixture.js'
import { measuredLatency, type LetiRecord } from '../lib/records/src/index.js'
import { shell, type Outcome } from './run.js'

// What is known of other devices, in real pipes: picks, and tables of measurements.

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
  it('writes as many records as are wanted, as they came, the same each time', async () => {
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

  it('refuses to pick more than there are', async () => {
    const { code, stdout, stderr } = await sh('pick -n 61 records.ndjson')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('61 networks are wanted, there are only 60')
  })

  it('leaves out what has other features, with its place', async () => {
    const text = lines([records[0], { ...records[1], features: { macs: 1 } }, records[2]])
    const { code, stdout, stderr } = await sh('pick -n 2', text)
    expect(code).toBe(1)
    expect(stdout.trim().split('\n')).toHaveLength(2)
    expect(stderr).toMatch(/^stdin:2: no feature/)
  })
})

describe('train --reference with tables', () => {
  it('gives every network of the tables on a device where five were measured', async () => {
    await sh('train -q --reference tables.ndjson > new.json', lines(five))
    const { code, stdout } = await sh('predict --predictor new.json', lines(fresh))
    expect(code).toBe(0)
    const predicted = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LetiRecord)
    expect(predicted).toHaveLength(fresh.length)
    for (const record of predicted) {
      const measured = measuredLatency(record) ?? NaN
      expect(Math.abs((record.prediction?.latency_ms ?? NaN) / measured - 1)).toBeLessThan(0.2)
    }
  })

  it('shows how the devices of the tables are predicted, and what it does not believe', async () => {
    const slow = { ...five[2].measurement, latency_ms: { mean: 1e4 } }
    const wild = { ...five[2], measurement: slow } as unknown as LetiRecord
    const text = lines([...five.slice(0, 2), wild, ...five.slice(3)])
    const { code, stderr } = await sh('train --reference tables.ndjson', text)
    expect(code).toBe(0)
    expect(stderr).toContain(`${wild.id}: left out, the other measurements contradict it`)
    expect(stderr).toMatch(/runs of the tables are predicted from the others/)
    expect(stderr).toMatch(/median error: \d+\.\d%/)
  })

  it('reports a damaged line of the tables, and goes on', async () => {
    write('damaged.ndjson', `${lines(others.flat())}{"id"\n{"id":"a"}\n`)
    const { code, stdout, stderr } = await sh('train --reference damaged.ndjson', lines(five))
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ model: 'tables' })
    expect(stderr).toMatch(/^damaged\.ndjson:\d+: [^\n]+\ndamaged\.ndjson:\d+: no "measurement"/)
  })

  it.each([
    ['both', '--reference tables.ndjson --reference ridge.json', 'either predictors or measured'],
    ['a kind', '--reference tables.ndjson --model gp', '--model'],
    ['neither', '--reference foreign.txt', 'foreign.txt is neither'],
    ['a file that is not there', '--reference nowhere', 'nowhere'],
    ['what was made of tables', '--reference new.json', 'was itself made of tables'],
  ])('calls %s wrong usage', async (_, options, message) => {
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

function lines(records: readonly LetiRecord[]): string {
  return records.map((record) => JSON.stringify(record) + '\n').join('')
}

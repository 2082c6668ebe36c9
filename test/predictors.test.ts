import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { measuredRecord, synthetic } from '../lib/predictors/src/synthetic.fixture.js'
import type { LetiRecord } from '../lib/records/src/index.js'
import { shell, type Outcome } from './run.js'

// The built commands in real pipes, in a directory of their own.

const records: LetiRecord[] = synthetic(60, 0.02).map(measuredRecord)
const unseen: LetiRecord[] = synthetic(300, 0.02, 2).map(measuredRecord)

let directory: string

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'leti-predictors-'))
  write('measured.ndjson', lines(records))
  write('unseen.ndjson', lines(unseen))
  await sh('train -q measured.ndjson > predictor.json')
})

afterAll(() => rmSync(directory, { recursive: true }))

/** The record with some of its statistics replaced. */
function withStatistics(record: LetiRecord, statistics: object): LetiRecord {
  const { measurement } = record
  if (!measurement) throw new Error('not measured')
  const latency_ms = { ...measurement.latency_ms, ...statistics }
  return { ...record, measurement: { ...measurement, latency_ms } }
}

describe('train', () => {
  it('writes a predictor to stdout and its metrics beside the proxy to stderr', async () => {
    const { code, stdout, stderr } = await sh('train < measured.ndjson')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ format: 'leti-predictor', model: 'auto' })
    const [title, header, auto, flops, lut, additive, gp, chosen, ...rest] = stderr.split('\n')
    expect(title).toBe('node/wasm: 60 measurements, 10-fold cross-validation')
    expect(header.trim().split(/ +/)).toEqual(['MAPE', 'RMSE', '<5%', '<10%', 'rho', 'tau'])
    expect(auto).toMatch(/^auto +\d\.\d\d% /)
    expect(flops).toMatch(/^ {2}flops +\d\d\.\d\d% /)
    expect(lut).toMatch(/^ {2}lut +\d+\.\d\d% /)
    expect(additive).toMatch(/^ {2}additive +\d\.\d\d% /)
    expect(gp).toMatch(/^ {2}gp +\d\.\d\d% /)
    expect(chosen).toMatch(/^auto is /)
    expect(rest).toEqual([expect.stringContaining('too few networks have a second visit')])
  })

  it('says that the noise of means comes from the visits themselves', async () => {
    const { stderr } = await sh('train --model flops --statistic mean measured.ndjson')
    expect(stderr).toContain('train on the visits: detrend tells no noise of means')
  })

  it('writes the same file again, byte for byte', async () => {
    const again = await sh('train -q measured.ndjson')
    expect(again.stderr).toBe('')
    expect(again.stdout + '\n').toBe(readFileSync(join(directory, 'predictor.json'), 'utf8'))
  })

  it('writes the same file with any number of threads', async () => {
    const one = await sh('train -q --model lut --jobs 1 unseen.ndjson')
    const three = await sh('train -q --model lut --jobs 3 unseen.ndjson')
    expect(three).toEqual(one)
    expect(one.code).toBe(0)
  })

  it.each(['flops', 'linear', 'ridge', 'additive', 'gp', 'gbdt'])(
    'fits %s to either target',
    async (model) => {
      for (const target of ['linear', 'log']) {
        const { code, stdout } = await sh(
          `train --model ${model} --target ${target} measured.ndjson`,
        )
        expect(code).toBe(0)
        expect(JSON.parse(stdout)).toMatchObject({ model, target })
      }
    },
  )

  it('names the measurement that it leaves out', async () => {
    const [first, ...others] = records
    const inSeconds = withStatistics(first, { median: 1e-3 * synthetic(1, 0.02)[0].latency_ms })
    const { code, stdout, stderr } = await sh('train --model ridge', lines([inSeconds, ...others]))
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ training: { count: 59, left_out: 'net-0' } })
    expect(stderr).toMatch(
      /^train: stdin:1: net-0: left out, .* ms is \d+ times less than the others let expect .*: in seconds\?$/m,
    )
  })

  it('refuses measurements in two units, unless they are wanted', async () => {
    const text = lines(records.map((record, i) => (i % 3 ? record : slowed(record, 1e-3))))
    const refused = await sh('train --model ridge', text)
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(/20 of 60 measurements are about \d+ times faster .*\(net-0: /)
    expect((await sh('train --model ridge --mixed', text)).code).toBe(0)
  })

  it('refuses measurements of two machines, and names both, unless they are wanted', async () => {
    const text = lines(records.map((record, i) => (i % 2 ? elsewhere(record, 1 / 3) : record)))
    const machines =
      'environment.cpu is "a processor" in 30 records (first: net-0) and "another" in 30 (first: net-1)'
    const refused = await sh('train --model ridge', text)
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain(machines)
    const wanted = await sh('train --model ridge --mixed', text)
    expect(wanted.code).toBe(0)
    expect(wanted.stderr).toContain(machines)
    const curve = await sh('evaluate --learning-curve 20 --model flops --splits 1', text)
    expect(curve.stderr).toContain(machines)
  })

  it('reports each unusable record with its place, and trains on the rest', async () => {
    const [first, second, third, ...others] = records
    const unmeasured = { ...second, measurement: undefined }
    const failed = { ...third, error: { tool: 'device-run', code: 'timeout', message: 'slow' } }
    const text = `${lines([first])}{"id": }\n${lines([unmeasured, failed, ...others])}`
    const { code, stdout, stderr } = await sh('train', text)
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ training: { count: 58 } })
    expect(stderr).toContain('stdin:2: not JSON')
    expect(stderr).toContain('stdin:3: "measurement" is missing')
    expect(stderr).toContain('records with an error, left out: 1')
  })

  it('--strict stops at the first bad record', async () => {
    const { code, stdout, stderr } = await sh('train --strict', `no record\n${lines(records)}`)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('stdin:1: ')
  })

  it('refuses records of two devices unless --device selects one', async () => {
    const elsewhere = records.map((record) => ({
      ...record,
      measurement: { ...record.measurement, device: 'pixel' },
    }))
    const text = lines([...records, ...elsewhere])
    const { code, stdout, stderr } = await sh('train', text)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('node/wasm, pixel/wasm')
    expect(JSON.parse((await sh('train --device pixel', text)).stdout)).toMatchObject({
      device: 'pixel',
      training: { count: 60 },
    })
  })

  it.each([
    ['an empty input', 'train', 'no measured records'],
    ['too few networks', 'head -3 measured.ndjson | train', 'only 3 measured networks'],
    ['an unknown model', 'train --model oracle', 'known: flops, linear, ridge'],
    ['one fold', 'train --folds 1', '--folds'],
    ['a missing file', 'train nowhere.ndjson', 'cannot read nowhere.ndjson'],
  ])('%s is wrong usage', async (_, command, message) => {
    const { code, stdout, stderr } = await sh(command)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

describe('predict', () => {
  it('adds a prediction to each record, in order, and keeps all other members', async () => {
    const { code, stdout } = await sh('predict --predictor predictor.json unseen.ndjson')
    expect(code).toBe(0)
    const predicted = parsed(stdout)
    expect(predicted.map((record) => ({ ...record, prediction: undefined }))).toEqual(unseen)
    for (const { prediction, measurement } of predicted) {
      expect(prediction?.predictor).toMatch(/^node-wasm-auto-[0-9a-f]{8}$/)
      const error = (prediction?.latency_ms ?? 0) / (measurement?.latency_ms.median ?? 0) - 1
      expect(Math.abs(error)).toBeLessThan(0.2)
    }
  })

  it('reports metrics over the measured records', async () => {
    const bare = unseen.slice(0, 100).map((record) => ({ ...record, measurement: undefined }))
    const text = lines([...bare, ...unseen.slice(100)])
    const { code, stdout, stderr } = await sh('predict --predictor predictor.json --report', text)
    expect(code).toBe(0)
    expect(parsed(stdout)).toHaveLength(300)
    expect(stderr).toMatch(/^node\/wasm: 200 measurements\n.*MAPE.*\nauto +[12]\.\d\d% /)
  })

  it('gives intervals of the requested coverage', async () => {
    for (const coverage of [0.6, 0.9]) {
      const { stdout } = await sh(
        `predict --predictor predictor.json --coverage ${coverage} unseen.ndjson`,
      )
      const inside = parsed(stdout).filter(({ prediction, measurement }) => {
        const { low_ms = 0, high_ms = 0 } = prediction ?? {}
        const latency = measurement?.latency_ms.median ?? 0
        expect(prediction?.coverage).toBe(coverage)
        return low_ms <= latency && latency <= high_ms
      })
      expect(Math.abs(inside.length / 300 - coverage)).toBeLessThan(0.12)
    }
  })

  it('predicts the statistic of its training, and compares with it', async () => {
    const slowed = records.map((record) => withStatistics(record, { median: 50, mean: 60 }))
    write('slowed.ndjson', lines(slowed))
    const least = await sh('train -q --statistic min slowed.ndjson > least.json; cat least.json')
    expect(JSON.parse(least.stdout)).toMatchObject({ statistic: 'min' })
    const { stderr } = await sh('predict --predictor least.json --report slowed.ndjson')
    expect(stderr).toMatch(/\nauto +[0-2]\.\d\d% /)
    const other = await sh(
      'predict --predictor least.json slowed.ndjson | evaluate --json --statistic mean',
    )
    const [{ metrics }] = JSON.parse(other.stdout) as [{ metrics: { mape_percent: number } }]
    expect(metrics.mape_percent).toBeGreaterThan(20)
  })

  it('--report says that no record is measured', async () => {
    const bare = unseen.map((record) => ({ ...record, measurement: undefined }))
    const { code, stderr } = await sh('predict --predictor predictor.json --report', lines(bare))
    expect(code).toBe(0)
    expect(stderr).toContain('nothing to compare')
  })

  it('adds an error to each record that it cannot predict, and continues', async () => {
    const [first, second, third, fourth, last] = unseen
    const bare = { ...second, features: undefined, arch: undefined }
    const odd = { ...third, features: { ...third.features, conv5x5_count: 1 } }
    const failed = { ...fourth, error: { tool: 'featurize', code: 'bad-arch', message: 'no' } }
    const text = lines([first, bare, odd, failed, last])
    const { code, stdout, stderr } = await sh('predict --predictor predictor.json', text)
    expect(code).toBe(1)
    const predicted = parsed(stdout)
    expect(predicted.map(({ error }) => error?.code)).toEqual([
      undefined,
      'missing-feature',
      'out-of-domain',
      'bad-arch',
      undefined,
    ])
    expect(predicted[2].error).toMatchObject({
      tool: 'predict',
      message: expect.stringContaining('conv5x5_count') as string,
    })
    expect(predicted[2]).not.toHaveProperty('prediction')
    expect(predicted[3]).toEqual(failed)
    expect(stderr).toContain('stdin:2: ')
    expect(stderr).toContain('stdin:3: feature "conv5x5_count" is 1')
  })

  it('--jobs changes neither the order nor the places of errors', async () => {
    const many = Array.from({ length: 12 }, (_, i) =>
      unseen.map((record) => ({ ...record, id: `${record.id}-${i}` })),
    ).flat()
    const text = lines(many).split('\n')
    text[3199] = '{"id"'
    text[3299] = '{"id":"bare"}'
    const one = await sh('predict --jobs 1 --predictor predictor.json', text.join('\n'))
    const three = await sh('predict --jobs 3 --predictor predictor.json', text.join('\n'))
    expect(three).toEqual(one)
    expect(one.stderr).toContain('stdin:3200: not JSON')
    expect(one.stderr).toContain('stdin:3300: no "features"')
    expect(parsed(one.stdout)).toHaveLength(3599)
    const strict = 'predict --strict --jobs 3 --predictor predictor.json'
    const stopped = await sh(strict, text.join('\n'))
    expect(stopped.code).toBe(1)
    expect(parsed(stopped.stdout)).toHaveLength(3199)
  })

  it('reports a bad line with its place, and continues', async () => {
    const text = `${lines([unseen[0]])}{"id"\n${lines([unseen[1]])}`
    const { code, stdout, stderr } = await sh('predict --predictor predictor.json', text)
    expect(code).toBe(1)
    expect(parsed(stdout)).toHaveLength(2)
    expect(stderr).toMatch(/^stdin:2: not JSON/)
  })

  it('writes nothing for empty input', async () => {
    const result = await sh('predict --predictor predictor.json')
    expect(result).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('ends quietly when its reader closes the pipe', async () => {
    const many = Array.from({ length: 20 }, () => lines(unseen)).join('')
    write('many.ndjson', many)
    const command = 'predict --predictor predictor.json many.ndjson | head -1'
    const { code, stdout, stderr } = await sh(command)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(parsed(stdout)).toHaveLength(1)
  })

  it.each([
    ['no predictor', '', 'predict: --predictor is missing'],
    ['a missing file', '--predictor nowhere.json', 'nowhere.json'],
    ['a truncated file', '--predictor cut.json', 'cut.json is not a predictor file: not JSON'],
    [
      'a file of another format',
      '--predictor foreign.json',
      'foreign.json is not a predictor file: "format"',
    ],
  ])('%s is wrong usage', async (_, options, message) => {
    write('cut.json', readFileSync(join(directory, 'predictor.json'), 'utf8').slice(0, 500))
    write('foreign.json', '{"format":"onnx"}')
    const { code, stdout, stderr } = await sh(`predict ${options}`, lines(unseen))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

describe('the pipe', () => {
  it.each(['flops', 'linear', 'ridge', 'lut', 'additive', 'gp', 'gbdt', 'auto'])(
    'predicts the same twice: %s',
    { timeout: 60_000 },
    async (model) => {
      await sh(`train -q --model ${model} measured.ndjson > ${model}.json`)
      const { stdout: once } = await sh(`predict --predictor ${model}.json unseen.ndjson`)
      const { stdout: twice } = await sh(`predict --predictor ${model}.json`, once)
      expect(parsed(once)).toHaveLength(300)
      expect(twice).toBe(once)
    },
  )

  it('transfers a predictor to a second device by ten measurements', async () => {
    const slower = records.map((record) => slowed(record, 2.5))
    write('slower.ndjson', lines(slower))
    await sh('pick -n 10 --reference predictor.json slower.ndjson > few.ndjson')
    await sh('train -q --reference predictor.json few.ndjson > slower.json')
    const { stdout } = await sh(
      'predict --predictor slower.json slower.ndjson | evaluate --json --bins 2',
    )
    const rows = JSON.parse(stdout) as { metrics: { count: number; mape_percent: number } }[]
    expect(rows.map(({ metrics }) => metrics.count)).toEqual([60, 30, 30])
    expect(rows[0].metrics.mape_percent).toBeLessThan(5)
  })

  it('warns if a predictor is judged on another machine than its own', async () => {
    const text = lines(unseen.map((record) => elsewhere(record, 2)))
    const { code, stderr } = await sh('predict --predictor predictor.json | evaluate', text)
    expect(code).toBe(0)
    expect(stderr).toContain(
      'environment.cpu is "another", and "a processor" where the predictor was trained: 300 records',
    )
  })

  it('refuses a reference that does not know the search space', async () => {
    const elsewhere = records.map((record) => ({ ...record, arch: { space: 'fbnet' } }))
    const { code, stderr } = await sh('train --reference predictor.json', lines(elsewhere))
    expect(code).toBe(2)
    expect(stderr).toContain('was trained on nb101; the records are of search space "fbnet"')
  })

  it('computes a learning curve', async () => {
    const { stdout } = await sh(
      'evaluate --learning-curve 10,40 --model flops,additive --splits 2 --csv measured.ndjson',
    )
    const [header, ...rows] = stdout.split('\n').map((row) => row.split(','))
    expect(rows.map((row) => row[header.indexOf('trained_on')])).toEqual(['10', '40', '10', '40'])
    const mape = rows.map((row) => Number(row[header.indexOf('mape_percent')]))
    expect(mape[3]).toBeLessThan(mape[1])
  })
})

/** The record as measured by another processor. */
function elsewhere(record: LetiRecord, factor: number): LetiRecord {
  const { measurement, ...other } = slowed(record, factor)
  if (!measurement) throw new Error('not measured')
  const environment = { ...measurement.environment, cpu: 'another' }
  return { ...other, measurement: { ...measurement, environment } }
}

function slowed(record: LetiRecord, factor: number): LetiRecord {
  const latency = (record.measurement?.latency_ms.median ?? 0) * factor
  return {
    ...record,
    measurement: { ...record.measurement, latency_ms: { median: latency } },
  } as unknown as LetiRecord
}

function write(name: string, text: string): void {
  writeFileSync(join(directory, name), text)
}

function lines(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value) + '\n').join('')
}

function parsed(text: string): LetiRecord[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LetiRecord)
}

/** Runs a line of shell in the directory. */
function sh(line: string, input = ''): Promise<Outcome> {
  return shell(line, { cwd: directory, stdin: 'pipe', input })
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { shell } from './run.js'

// Synthetic visits of 40 networks to a device that becomes 10% slower in the middle of the second pass.
const NETWORKS = 40
const STEP = 60

interface Visit {
  readonly id: string
  readonly measurement: Record<string, unknown>
}

/** How much slower the device is. */
const factor = (at: number) => (at < STEP ? 1 : 1.1)

function visit(network: number, at: number, more: object = {}): Visit {
  const latency = (5 + network) * factor(at) * (1 + 0.002 * Math.sin(7 * at))
  const started_at = new Date(Date.UTC(2026, 10, 29) + 10_000 * at).toISOString()
  const latency_ms = { median: latency, mean: latency, count: 30, ci95: [latency, latency] }
  return {
    id: `n${network}`,
    measurement: { device: 'pixel', backend: 'cpu', latency_ms, started_at, ...more },
  }
}

/** 7 and 40 have no common factor: each pass visits all networks, in another order. */
const VISITS = Array.from({ length: 2 * NETWORKS }, (_, at) =>
  visit(at < NETWORKS ? at : (7 * at + 3) % NETWORKS, at),
)

const lines = (records: readonly object[]) =>
  records.map((record) => JSON.stringify(record) + '\n').join('')

const detrend = (records: readonly object[], options = '') =>
  shell(`detrend ${options}`, { stdin: 'pipe', input: lines(records) })

interface Latency {
  readonly median: number
  readonly min?: number
  readonly ci95?: [number, number]
}

interface Measured {
  readonly id: string
  readonly measurement: {
    readonly latency_ms: Latency
    readonly raw: Latency
    readonly quality: Record<string, number>
  }
}

const measured = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Measured)

describe('detrend', () => {
  test('writes one record per network, without the step of the clock', async () => {
    const { code, stdout, stderr } = await detrend(VISITS)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const records = measured(stdout)
    expect(records.map(({ id }) => id)).toEqual(VISITS.slice(0, NETWORKS).map(({ id }) => id))
    const scales = records.map(({ measurement }, i) => measurement.latency_ms.median / (5 + i))
    expect(Math.max(...scales) / Math.min(...scales)).toBeLessThan(1.006)
    const raw = records.map(({ measurement }, i) => measurement.raw.median / (5 + i))
    expect(Math.max(...raw) / Math.min(...raw)).toBeGreaterThan(1.04)
    const { quality, latency_ms } = records[0].measurement
    expect(quality).toMatchObject({ visits: 2, clock_steps: 1, outliers: 0 })
    expect(quality.drift).toBeCloseTo(0.1, 1)
    const [low, high] = latency_ms.ci95 ?? [NaN, NaN]
    expect(low).toBeLessThan(latency_ms.median)
    expect(high).toBeGreaterThan(latency_ms.median)
  })

  test.each([
    { what: 'a step of their own', slower: (at: number) => (at < STEP ? 1 : 1.2 / 1.1) },
    {
      what: 'what disturbs single visits',
      slower: (at: number) => (at % 6 ? 1 / factor(at) : 1.4),
    },
  ])('gives the quickest runs without $what', async ({ slower }) => {
    const visits = VISITS.map(({ id, measurement }, at) => {
      const { median } = measurement.latency_ms as Latency
      const latency_ms = { median, min: 0.9 * median * slower(at), count: 30 }
      return { id, measurement: { ...measurement, latency_ms } }
    })
    const { stdout, stderr } = await detrend(visits)
    expect(stderr).toBe('')
    const scales = measured(stdout).map(({ measurement }, i) => {
      return (measurement.latency_ms.min ?? NaN) / (5 + i)
    })
    expect(Math.max(...scales) / Math.min(...scales)).toBeLessThan(1.01)
  })

  test('says so if the quickest runs agree much better than the medians', async () => {
    const disturbed = (share: number) =>
      VISITS.map(({ id, measurement }, at) => {
        const { median } = measurement.latency_ms as Latency
        const slower = (by: number) => median * (1 + by * ((at * 0.618) % 1))
        const latency_ms = { median: slower(0.3), min: slower(0.3 * share), count: 30 }
        return { id, measurement: { ...measurement, latency_ms } }
      })
    expect((await detrend(disturbed(0.8))).stderr).toBe('')
    const { stdout, stderr } = await detrend(disturbed(0))
    expect(stderr).toMatch(/^detrend: pixel\/cpu: the medians of visits deviate by \d+\.\d%, their/)
    expect(stderr).toContain('train --statistic min')
    const [{ measurement }] = measured(stdout)
    expect(measurement.quality.noise).toBeGreaterThan(0.05)
    expect(measurement.quality.min_noise).toBeLessThan(0.005)
  })

  test('takes the visits in any order, each once', async () => {
    const there = measured((await detrend(VISITS)).stdout)
    const { stdout, stderr } = await detrend([...VISITS, ...VISITS.slice(0, 5)].reverse())
    expect(stderr).toContain('a visit is there twice')
    const back = new Map(measured(stdout).map((record) => [record.id, record]))
    for (const { id, measurement } of there) {
      expect(back.get(id)?.measurement.latency_ms.median).toBeCloseTo(
        measurement.latency_ms.median,
        9,
      )
    }
  })

  test('is honest with one visit', async () => {
    const { stdout, stderr } = await detrend([visit(1, 0)])
    expect(stderr).toContain('1 network has one visit: the interval is of that sitting alone')
    const [{ measurement }] = measured(stdout)
    expect(measurement.quality).toEqual({ visits: 1, drift: 0, clock_steps: 0, outliers: 0 })
    expect(measurement.latency_ms.ci95).toEqual([6, 6])
  })

  test('uses the order of the input for old records, and refuses to mix', async () => {
    const old = VISITS.map((record) => ({
      ...record,
      measurement: { ...record.measurement, started_at: undefined },
    }))
    const { code, stdout, stderr } = await detrend(old)
    expect(code).toBe(0)
    expect(stderr).toContain('pixel/cpu has no measurement.started_at')
    expect(measured(stdout)[0].measurement.quality).toMatchObject({ visits: 2, clock_steps: 1 })
    const mixed = await detrend([VISITS[0], old[1]])
    expect(mixed.code).toBe(1)
    expect(mixed.stderr).toContain('"measurement.started_at" is missing')
  })

  test('keeps devices and settings apart, and passes on what is no visit', async () => {
    const other = [
      { id: 'plain' },
      { id: 'n1', error: { tool: 'device-run', code: 'timeout', message: 'slow' } },
      visit(1, 1, { device: 'other' }),
      visit(1, 2, { threads: 4 }),
      visit(1, 3),
    ]
    const { code, stdout } = await detrend(other, '-q')
    expect(code).toBe(1)
    expect(stdout.trim().split('\n')).toHaveLength(5)
  })

  test('refuses its own records', async () => {
    const { stdout } = await detrend(VISITS)
    const again = await detrend(measured(stdout))
    expect(again.code).toBe(1)
    expect(again.stderr).toContain('detrend has made this record')
  })

  test('--report says how well the visits agree, and the floor of MAPE', async () => {
    const { stdout } = await detrend(VISITS, '--report')
    const [header, raw, detrended] = stdout.split('\n')
    expect(header).toMatch(/pairs +bias +median +p90 +noise +MAPE floor +rho/)
    expect(raw).toMatch(/^pixel\/cpu +40 /)
    expect(detrended).toMatch(/^ {2}detrended/)
    const [row] = JSON.parse((await detrend(VISITS, '--report --json')).stdout) as [
      Record<'raw' | 'detrended', Record<string, number>>,
    ]
    expect(row.raw.p90_difference_percent).toBeGreaterThan(4)
    expect(row.detrended.p90_difference_percent).toBeLessThan(1.5)
    const { noise_percent, mape_floor_percent } = row.detrended
    expect(mape_floor_percent).toBeCloseTo(0.798 * noise_percent, 3)
    expect((await detrend(VISITS, '--json')).code).toBe(2)
  })
})

test('phones of a pool are told apart, and the latency of a network is pooled over them', async () => {
  /** The first pass on one phone of each pair, the second on the other; one phone is 4% slower. */
  const pooled = VISITS.slice(0, 2 * NETWORKS).map(({ id, measurement }, at) => {
    const isSlow = (Number(id.slice(1)) + Math.floor(at / NETWORKS)) % 2 === 1
    const latency = (5 + Number(id.slice(1))) * (isSlow ? 1.04 : 1) * (1 + 0.002 * Math.sin(7 * at))
    const latency_ms = { median: latency, ci95: [latency, latency] }
    return { id, measurement: { ...measurement, unit: isSlow ? 'slow' : 'fast', latency_ms } }
  })
  const found = await detrend(pooled)
  expect(found.stderr).toBe('')
  const [{ measurement }, ...others] = found.stdout
    .split('\n')
    .map((line) => JSON.parse(line) as Measured)
  expect(others).toHaveLength(NETWORKS - 1)
  const { fast, slow } = measurement.quality.units as unknown as Record<string, number>
  expect(slow / fast).toBeCloseTo(1.04, 2)
  expect(measurement).not.toHaveProperty('unit')
  const [low, high] = measurement.latency_ms.ci95 ?? []
  expect(low).toBeLessThan(5)
  expect(high).toBeGreaterThan(5.2)

  const apart = await detrend(pooled.slice(0, NETWORKS))
  expect(apart.stderr).toMatch(/pixel\/cpu: no networks tie its phones together.*no intervals/)
  expect(apart.stdout).not.toContain('ci95')
  const single = pooled.filter(({ measurement: { unit } }) => unit === 'slow')
  expect((await detrend(single)).stderr).toMatch(
    /all visits are on slow: the intervals do not hold/,
  )
})

test('evaluate --against fails if networks became slower beyond their intervals', async () => {
  const { stdout } = await detrend(VISITS)
  const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
  writeFileSync(join(folder, 'before'), stdout)
  const slower = VISITS.map(({ id, measurement }) => {
    const latency = (measurement.latency_ms as Latency).median * (id === 'n3' ? 1.2 : 1)
    return { id, measurement: { ...measurement, latency_ms: { median: latency } } }
  })
  const line = (limit: string) =>
    `detrend | evaluate --against ${folder}/before --fail-above ${limit}`
  const gate = (records: readonly object[], limit: string) =>
    shell(line(limit), { stdin: 'pipe', input: lines(records) })
  const same = await gate(VISITS, '5%')
  expect({ code: same.code, stderr: same.stderr }).toEqual({ code: 0, stderr: '' })
  expect(same.stdout).toMatch(/^pixel\/cpu +40 +0.00% .* 0 of 40$/m)
  const slow = await gate(slower, '5%')
  expect(slow.code).toBe(1)
  expect(slow.stderr).toMatch(/pixel\/cpu: slower by more than 5%: n3: .*\+20\.0%/)
  expect((await gate(slower, 'much')).code).toBe(2)
  rmSync(folder, { recursive: true })
})

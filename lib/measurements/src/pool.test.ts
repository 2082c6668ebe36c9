import { describe, expect, test } from 'vitest'
import { detrend, type Visit } from './detrend.js'
import { randoms } from './synthetic.fixture.js'

interface PoolCampaign {
  readonly networks?: number
  readonly visits?: number
  readonly seed?: number
  /** How much slower each phone is, log. */
  readonly levels: readonly number[]
  /** Deviation of what a phone does to one network alone, log. */
  readonly own?: number
  readonly trend?: (unit: number, time: number) => number
}

const NOISE = 0.004

/** Each visit of a network is on another phone; each phone measures its networks in a random order. */
function campaign(of: PoolCampaign) {
  const { networks = 100, visits = 2, seed = 1, levels, own = 0, trend = () => 0 } = of
  const { uniform, normal } = randoms(seed)
  const truth = Array.from({ length: networks }, () => 3 * uniform())
  const ownOf = truth.map(() => levels.map(() => own * normal()))
  const latencyOn = (network: number, unit: number): number =>
    truth[network] + levels[unit] + ownOf[network][unit]
  const measured: Visit[] = []
  for (let visit = 0; visit < visits; visit++) {
    const keyed = truth.map((_, network) => ({ network, key: uniform() }))
    keyed.sort((a, b) => a.key - b.key)
    keyed.forEach(({ network }, i) => {
      const unit = (network + visit) % levels.length
      const time = (visit + i / networks) / visits
      const log = latencyOn(network, unit) + trend(unit, time) + NOISE * normal()
      measured.push({
        network: `${network}`,
        unit: `phone ${unit}`,
        time,
        latency_ms: Math.exp(log),
      })
    })
  }
  return { truth, latencyOn, measured }
}

/** The share of networks and phones whose true latency lies in the interval of the network. */
function held(of: PoolCampaign): number {
  const { truth, latencyOn, measured } = campaign(of)
  const { networks } = detrend(measured)
  const holds = truth.flatMap((_, network) =>
    of.levels.map((_level, unit) => {
      const [low, high] = networks.get(`${network}`)?.ci95 ?? [NaN, NaN]
      const log = latencyOn(network, unit)
      return Math.log(low) <= log && log <= Math.log(high)
    }),
  )
  return holds.filter(Boolean).length / holds.length
}

describe('phones of a pool', () => {
  test('their levels are found, and a network has that of their mean', () => {
    const levels = [0.05, -0.02, -0.03]
    const { truth, measured } = campaign({ levels, networks: 90 })
    const { pool, networks, drift } = detrend(measured)
    expect([...(pool?.levels?.keys() ?? [])]).toEqual(['phone 0', 'phone 1', 'phone 2'])
    levels.forEach((level, unit) => {
      expect(pool?.levels?.get(`phone ${unit}`)).toBeCloseTo(Math.exp(level), 2)
    })
    expect(drift).toBe(0)
    // Networks that the slow phone did not measure are not faster for it.
    const errors = truth.map((log, i) => Math.log(networks.get(`${i}`)?.latency_ms ?? NaN) - log)
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.015)
  })

  test('each has a drift of its own, which is told from its level', () => {
    const trend = (unit: number, time: number) => (unit ? 0.1 * time - 0.05 : 0)
    const found = detrend(campaign({ levels: [0.02, -0.02], networks: 200, trend }).measured)
    expect(found.pool?.levels?.get('phone 0')).toBeCloseTo(1.02, 2)
    expect(found.drift).toBeGreaterThan(0.07)
    expect(found.drift).toBeLessThan(0.12)
  })

  test.each([
    ['equal', { levels: [0, 0] }],
    ['of two levels', { levels: [0.03, -0.03] }],
    ['of three levels', { levels: [0.04, 0, -0.04], visits: 3 }],
    ['each fast at networks of its own', { levels: [0.02, -0.02], own: 0.03 }],
    ['that measured few networks', { levels: [0.03, -0.03], networks: 6 }],
  ])('the intervals hold on each phone: %s', (_name, of) => {
    const shares = [1, 2, 3, 4].map((seed) => held({ ...of, seed }))
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.93)
  })

  test('one network that both measured tells little of their levels', () => {
    const { measured } = campaign({ levels: [0.03, -0.03], networks: 1 })
    const [low, high] = detrend(measured).networks.get('0')?.ci95 ?? []
    expect(Number(high) / Number(low)).toBeGreaterThan(1.5)
  })

  test('no network that both measured: nothing tells their levels, and there is no interval', () => {
    const { measured } = campaign({ levels: [0.03, -0.03] })
    const apart = measured.map((visit) => ({ ...visit, network: `${visit.network} ${visit.unit}` }))
    const { pool, networks } = detrend([
      ...apart,
      ...apart.map((v) => ({ ...v, time: 2 + v.time })),
    ])
    expect(pool).toEqual({})
    expect([...networks.values()].every(({ ci95 }) => ci95 === undefined)).toBe(true)
  })

  test('a visit on one phone alone has an interval for all', () => {
    const { measured } = campaign({ levels: [0.03, -0.03] })
    const { networks } = detrend([
      ...measured,
      { network: 'single', unit: 'phone 0', time: 0.4, latency_ms: 10 * Math.exp(0.03) },
    ])
    const { latency_ms, ci95: [low, high] = [NaN, NaN] } = networks.get('single') ?? {}
    expect(latency_ms).toBeCloseTo(10, 1)
    expect(low).toBeLessThan(10 * Math.exp(-0.03))
    expect(high).toBeGreaterThan(10 * Math.exp(0.03))
  })
})

import type { Visit } from './detrend.js'

/** Random numbers that depend on the seed alone (Mulberry32; the transform of Box and Muller). */
export function randoms(seed: number) {
  let state = seed
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  return { uniform, normal }
}

/** A synthetic campaign: each pass visits all networks in a random order. */
export interface Campaign {
  readonly networks: number
  readonly passes: number
  readonly seed?: number
  /** The device's state at a time from 0 to 1, log. */
  readonly trend?: (time: number) => number
  /** Noise of one visit, log. */
  readonly noise: (random: ReturnType<typeof randoms>) => number
}

export function campaign({ networks, passes, seed = 1, trend = () => 0, noise }: Campaign) {
  const random = randoms(seed)
  const truth = new Map<string, number>()
  for (let i = 0; i < networks; i++) truth.set(`n${i}`, 3 * random.uniform())
  const visits: Visit[] = []
  for (let pass = 0; pass < passes; pass++) {
    const keyed = [...truth.keys()].map((network) => ({ network, key: random.uniform() }))
    for (const { network } of keyed.sort((a, b) => a.key - b.key)) {
      const time = visits.length / (networks * passes)
      const log = (truth.get(network) ?? 0) + trend(time) + noise(random)
      visits.push({ network, time, latency_ms: Math.exp(log) })
    }
  }
  return { truth, visits }
}

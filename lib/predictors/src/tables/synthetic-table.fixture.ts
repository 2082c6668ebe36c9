import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { LetiRecord } from '@leti/records'

/** Synthetic networks: GFLOPs and gigabytes. */
const NETWORKS = Array.from({ length: 12 }, (_, i) => ({
  id: `net-${i}`,
  work: 0.3 * 1.5 ** ((7 * i) % 12),
  traffic: 0.1 * 1.3 ** ((5 * i) % 12),
}))

/**
 * Records of synthetic devices with random compute and memory speeds: a latency is the sum of both times,
 * with noise of about 2%. The records have no features.
 */
export function syntheticTable(devices: number, seed = 1): LetiRecord[][] {
  const random = xoroshiro128plus(seed)
  const between = (low: number, high: number) => low * (high / low) ** uniformFloat64(random)
  return Array.from({ length: devices }, (_, device) => {
    const backend = device % 3 ? 'cpu' : 'vulkan'
    const compute = between(2, 200)
    const memory = between(0.3, 1) * (backend === 'cpu' ? compute : 0.3 * compute)
    return NETWORKS.map(({ id, work, traffic }) => ({
      id,
      arch: { space: 'table', name: id },
      measurement: {
        device: `device-${device}`,
        backend,
        threads: 1,
        latency_ms: { mean: 1000 * (work / compute + traffic / memory) * between(0.98, 1.02) },
        environment: { soc: `board ${device}` },
      },
    }))
  })
}

import { medianOf } from '@leti/measurements'
import type { Sample } from './sample.js'

/**
 * For each network, the indices of its measurements, in the order of the first ones. Chains of one kernel with
 * different lengths share their id, but not their features: each length counts apart.
 */
export function byNetwork(samples: readonly Sample[]): number[][] {
  const repeated = repeatedIds(samples)
  const groups = new Map<string, number[]>()
  samples.forEach(({ id, features, kernels }, index) => {
    const key = repeated.has(id) ? JSON.stringify([id, features, kernels]) : id
    const known = groups.get(key)
    if (known) known.push(index)
    else groups.set(key, [index])
  })
  return [...groups.values()]
}

/**
 * One sample for each network: a network counts once, however often it was measured. Its latency is the median of
 * its measurements.
 */
export function networksOf(samples: readonly Sample[]): readonly Sample[] {
  const groups = byNetwork(samples)
  if (groups.length === samples.length) return samples
  return groups.map((indices) => {
    const own = indices.map((index) => samples[index])
    if (own.length === 1) return own[0]
    const profiled = own.find(({ kernel_ms }) => kernel_ms)
    return {
      ...own[0],
      latency_ms: medianOf(own.map(({ latency_ms }) => latency_ms)),
      ...(profiled && { kernel_ms: profiled.kernel_ms }),
    }
  })
}

function repeatedIds(samples: readonly Sample[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const { id } of samples) (seen.has(id) ? repeated : seen).add(id)
  return repeated
}

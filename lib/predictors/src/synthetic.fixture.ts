import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { KernelWork, LetiRecord } from '@leti/records'
import type { Sample } from './sample.js'

/** The cost of each sort of kernel: ms per launch, and ms per 1e6 MACs. */
const SORTS = {
  conv3x3: { launch: 0.02, mega: 0.001 },
  conv1x1: { launch: 0.03, mega: 0.004 },
  pool: { launch: 0.15, mega: 0 },
  dense: { launch: 0.01, mega: 0.02 },
}

/**
 * Networks whose latency is the sum of their kernels' costs. Their features are as collinear as real ones:
 * bytes are proportional to MACs, and the totals are sums.
 *
 * @param noise relative standard deviation of the latency
 */
export function synthetic(count: number, noise: number, seed = 1): Sample[] {
  const random = xoroshiro128plus(seed)
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) *
    Math.cos(2 * Math.PI * uniformFloat64(random))
  return Array.from({ length: count }, (_, index) => {
    const features: Record<string, number> = { macs: 0, bytes: 0, stems: 1, conv5x5_count: 0 }
    const list: KernelWork[] = []
    let latency = 0.5
    for (const [sort, { launch, mega }] of Object.entries(SORTS)) {
      const kernels = uniformInt(random, 0, 12)
      const macs = sort === 'pool' ? 0 : kernels * uniformInt(random, 1, 8) * 1e7
      features[`${sort}_count`] = kernels
      features[`${sort}_macs`] = macs
      features[`${sort}_bytes`] = macs / 250 + 4096
      features.macs += macs
      features.bytes += macs / 250 + 4096
      latency += kernels * launch + (macs / 1e6) * mega
      if (kernels)
        list.push({ ...kernelOf(sort as keyof typeof SORTS, macs / kernels), count: kernels })
    }
    const latency_ms = latency * (1 + noise * normal())
    return { id: `net-${index}`, features, kernels: list, latency_ms }
  })
}

/** A kernel of the sort with the given MACs. */
function kernelOf(sort: keyof typeof SORTS, macs: number): KernelWork {
  const size = sort === 'conv3x3' ? 3 : 1
  return {
    type: sort === 'pool' ? 'max_pool' : sort === 'dense' ? 'dense' : 'conv2d',
    count: 1,
    input_shapes: [[8, 8, 64]],
    output_shape: [8, 8, 64],
    ...(sort !== 'dense' && { window: [size, size], strides: [1, 1] }),
    macs,
    input_bytes: 16384,
    output_bytes: 16384,
    weight_bytes: macs / 64,
  }
}

/** The sample as a record measured on the device `node`. */
export function measuredRecord(
  sample: Sample,
): LetiRecord & Required<Pick<LetiRecord, 'measurement'>> {
  const { id, features, kernels, latency_ms } = sample
  return {
    id,
    arch: { space: 'nb101' },
    measurement: {
      device: 'node',
      target: 'node',
      runtime: 'tfjs@4.22.0',
      backend: 'wasm',
      threads: 1,
      batch: 1,
      latency_ms: {
        median: latency_ms,
        mean: latency_ms,
        std: 0,
        min: latency_ms,
        p90: latency_ms,
        count: 10,
      },
      load_ms: 1,
      first_run_ms: 1,
      verified: true,
      started_at: '2026-11-23T19:00:00.000Z',
      environment: { cpu: 'a processor', os: 'Linux' },
    },
    features,
    ...(kernels && { kernels: [...kernels] }),
  }
}

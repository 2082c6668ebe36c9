import { checked, type KernelWork } from '@leti/records'
import { describe, expect, it } from 'vitest'
import type { Sample } from '../sample.js'
import { shuffled } from '../random.js'
import { findKind } from '../kinds/index.js'
import { fitKernels } from './fit.js'
import { kernels as kind } from './index.js'
import type { KernelsModel } from './model.js'

const OPTIONS = { latencyScale: 'linear', seed: 0 } as const

/** Loads a model from its parameters as a predictor file does. */
const load = (parameters: unknown) =>
  kind.fromJSON(checked(parameters, kind.schema, 'usage'), 'linear', findKind)

function conv(size: number, channels: number, filters: number, window = 1): KernelWork {
  const weights = window * window * channels * filters
  return {
    type: 'conv2d',
    count: 1,
    input_shapes: [[size, size, channels]],
    output_shape: [size, size, filters],
    window: [window, window],
    strides: [1, 1],
    macs: size * size * weights,
    input_bytes: 4 * size * size * channels,
    output_bytes: 4 * size * size * filters,
    weight_bytes: 4 * weights,
  }
}

function elementwise(type: string, size: number, channels: number): KernelWork {
  const shape = [size, size, channels]
  const bytes = 4 * size * size * channels
  return {
    type,
    count: 1,
    input_shapes: [shape],
    output_shape: shape,
    macs: 0,
    input_bytes: bytes,
    output_bytes: bytes,
    weight_bytes: 0,
  }
}

const CALL_MS = 0.1

/** An emulated device: it computes eight channels at once, and small convolutions are slower. */
function emulatedCost(kernel: KernelWork): number {
  const { macs, output_shape, input_bytes, output_bytes, type } = kernel
  if (type === 'sigmoid') return 0.01 + (0.4 * output_bytes) / 1e6
  if (type === 'relu') return 0.01 + (0.2 * output_bytes) / 1e6
  const channels = output_shape[2]
  const padded = (macs / channels) * 8 * Math.ceil(channels / 8)
  const pixels = output_shape[0] * output_shape[1]
  return (
    0.02 + ((0.05 * padded) / 1e6) * (1 + 4 / pixels) + (0.1 * (input_bytes + output_bytes)) / 1e6
  )
}

const sample = (
  id: string,
  kernels: readonly KernelWork[],
  noise = 0,
): Sample & { kernels: readonly KernelWork[] } => ({
  id,
  kernels,
  features: {},
  latency_ms:
    (CALL_MS + kernels.reduce((sum, kernel) => sum + kernel.count * emulatedCost(kernel), 0)) *
    (1 + noise),
})

const SIZES = [7, 14, 28, 56]
const CHANNELS = [12, 16, 40, 64, 100, 128, 250]

const KERNELS = SIZES.flatMap((size) =>
  CHANNELS.flatMap((channels, i) => {
    const filters = CHANNELS[(3 * i + size) % CHANNELS.length]
    const own = [conv(size, channels, filters), conv(size, channels, filters, 3)]
    return [...own, elementwise('relu', size, channels), elementwise('sigmoid', size, channels)]
  }),
)

/** Each kernel in chains of two lengths, with a little noise. */
const MEASURED = KERNELS.flatMap((kernel, i) =>
  [8, 16].map((count) => sample(`${i}`, [{ ...kernel, count }], 0.01 * Math.sin(7 * i + count))),
)

const NETWORKS = [0, 1, 2, 3].map((seed) =>
  sample(
    `net-${seed}`,
    shuffled([...KERNELS, conv(20, 90, 33, 3), conv(10, 300, 77)], seed).slice(0, 30),
  ),
)

const errorOf = (model: KernelsModel, { kernels, latency_ms }: Sample) =>
  Math.abs(model.estimate({}, kernels) / latency_ms - 1)

const GROUP = { group: 'relu', kernels: 1, cost: { launch: 1 }, error: 0 }
const CORRECTION = { length: 1, signal: 1, bound: 1, points: [[1], [2]], alpha: [1, 2] }

const failing = (code: string) => expect.objectContaining({ code }) as Error

describe('kernels', () => {
  it('predicts networks from single kernels', () => {
    const model = fitKernels(MEASURED)
    for (const network of NETWORKS) expect(errorOf(model, network)).toBeLessThan(0.03)
  })

  it('is trained on whole networks too', () => {
    const networks = Array.from({ length: 60 }, (_, seed) =>
      sample(`${seed}`, shuffled(KERNELS, seed).slice(0, 12)),
    )
    const model = fitKernels(networks)
    for (const network of NETWORKS) expect(errorOf(model, network)).toBeLessThan(0.1)
  })

  it('learns the fixed cost of an inference', () => {
    const model = fitKernels(MEASURED)
    expect(model.toJSON().overhead_ms).toBeCloseTo(CALL_MS, 1)
    expect(model.estimate({}, [])).toBeCloseTo(CALL_MS, 1)
  })

  it('is robust to wrong measurements', () => {
    const wrong = MEASURED.map((measured, i) =>
      i % 20 ? measured : { ...measured, latency_ms: 3 * measured.latency_ms },
    )
    const model = fitKernels(wrong)
    for (const network of NETWORKS) expect(errorOf(model, network)).toBeLessThan(0.06)
  })

  it('predicts at least as much time for more work, and no rate above the fastest measured one', () => {
    const model = fitKernels(MEASURED)
    const { macs_per_ms = 0 } = model.toJSON().roofline
    expect(macs_per_ms).toBeGreaterThan(0)
    for (const window of [1, 3]) {
      for (const channels of [4, 32, 256, 2048]) {
        const times = [4, 8, 16, 32, 64, 128, 256].map((size) =>
          model.costOf(conv(size, channels, 2 * channels, window)),
        )
        expect(times).toEqual([...times].sort((a, b) => a - b))
        const wider = [1, 2, 4, 8, 16].map((by) =>
          model.costOf(conv(14, channels, by * channels, window)),
        )
        expect(wider).toEqual([...wider].sort((a, b) => a - b))
        const largest = conv(256, channels, 2 * channels, window)
        expect(model.costOf(largest)).toBeGreaterThanOrEqual(largest.macs / macs_per_ms)
      }
    }
  })

  it('estimates unmeasured groups by similar ones if they are a small part of the time', () => {
    const model = fitKernels(MEASURED)
    const gelu = elementwise('gelu', 28, 64)
    const few = [...Array.from({ length: 20 }, () => conv(28, 64, 64, 3)), gelu]
    expect(() => model.check({}, few)).not.toThrow()
    const without = model.estimate({}, few.slice(0, -1))
    const added = model.estimate({}, few) - without
    expect(added).toBeGreaterThan(0.5 * emulatedCost(elementwise('relu', 28, 64)))
    expect(added).toBeLessThan(2 * emulatedCost(elementwise('sigmoid', 28, 64)))
    expect(() => model.check({}, [gelu, gelu])).toThrow(failing('out-of-domain'))
  })

  it('is less certain about unmeasured kernels', () => {
    const model = fitKernels(MEASURED)
    expect(model.kernelUncertainty(elementwise('gelu', 28, 64))).toBeGreaterThan(
      model.kernelUncertainty(elementwise('relu', 28, 64)),
    )
    expect(model.kernelUncertainty(conv(200, 700, 3, 3))).toBeGreaterThanOrEqual(
      model.kernelUncertainty(conv(28, 64, 64, 3)),
    )
  })

  it('adds up the errors of kernels of one unmeasured group, and expects a grouped one to cost as all channels', () => {
    const model = fitKernels(MEASURED)
    const grouped = [8, 12, 16].map((size) => ({ ...conv(size, 64, 64, 3), groups: 16 }))
    expect(model.kernelUncertainty(grouped[0])).toBe(16)
    // All of them may be wrong in the same way: three kernels are no more certain than one.
    const [one, three] = [grouped.slice(0, 1), grouped].map((all) => model.uncertainty({}, all))
    expect(three).toBeCloseTo(one)
  })

  it('is more certain about a network than about its kernels', () => {
    const model = fitKernels(MEASURED)
    const own = model.uncertainty({}, [])
    expect(own).toBeGreaterThan(0)
    const kernels = Array.from({ length: 9 }, (_, i) => conv(20, 90, 90 + i))
    const each = kernels.map((kernel) => model.uncertainty({}, [kernel]) - own)
    expect(model.uncertainty({}, kernels) - own).toBeLessThan(Math.max(...each) / 2)
    expect(model.uncertainty({}, [{ ...kernels[0], count: 9 }]) - own).toBeCloseTo(each[0], 10)
  })

  it('refuses samples and networks without kernels', async () => {
    const model = fitKernels(MEASURED)
    expect(() => model.estimate({ macs: 1 })).toThrow(failing('missing-feature'))
    const blind = MEASURED.map(({ id, features, latency_ms }) => ({ id, features, latency_ms }))
    await expect(kind.fit(blind, OPTIONS)).rejects.toThrow(failing('usage'))
  })

  it('predicts the same after it is saved and loaded', () => {
    const model = fitKernels(MEASURED)
    const read = load(JSON.parse(JSON.stringify(model)))
    for (const { kernels } of NETWORKS) {
      expect(read.estimate({}, kernels)).toBe(model.estimate({}, kernels))
    }
  })

  it('refuses damaged parameters', () => {
    const text = JSON.stringify(fitKernels(MEASURED))
    const damages: Record<string, unknown>[] = [
      { overhead_ms: undefined },
      { network_factor: -1 },
      { roofline: { macs_per_ms: 'fast' } },
      { groups: {} },
      { groups: [{ ...GROUP, cost: { magic: 1 } }] },
      { groups: [{ ...GROUP, cost: { launch: null } }] },
      { groups: [{ ...GROUP, correction: { ...CORRECTION, points: [[1], [1, 2]] } }] },
      { groups: [{ ...GROUP, correction: { ...CORRECTION, alpha: [1] } }] },
      { families: [{ family: 'unheard-of', launch_ms: 1, macs_ms: 1, bytes_ms: 1 }] },
    ]
    const parameters = JSON.parse(text) as Record<string, unknown>
    const read = (changes: object) => load({ ...parameters, ...changes })
    expect(() => read({ groups: [{ ...GROUP, correction: CORRECTION }] })).not.toThrow()
    for (const damage of damages) expect(() => read(damage)).toThrow(failing('usage'))
    expect(() => load(null)).toThrow(failing('usage'))
  })
})

import { lut } from '../kinds/lut.js'
import type { LinearParameters } from '../linear-model.js'
import type { PredictorKind, Reference } from '../kind.js'
import type { Sample } from '../sample.js'
import type { CostSum } from './cost-sum.js'
import type { LimitParameters } from './index.js'
import { rangesOf, type Range, type Ranges } from './ranges.js'
import { ratesOf } from './rates.js'
import { seenSettings } from './settings.js'

/** The limits of a kind that is trained on the samples. */
export async function trainingLimits(
  samples: readonly Sample[],
  { usesKernels = false }: PredictorKind,
  references: readonly Reference[] = [],
): Promise<LimitParameters> {
  const rates = ratesOf(samples, usesKernels)
  // A kind that sums kernels judges each kernel, and predicts networks of any space.
  if (usesKernels) return { rates }
  const settings = seenSettings(samples.flatMap(({ arch }) => arch ?? []))
  const own = rangesOf(samples)
  if (references.length) {
    // The references know more networks than the few samples do, but not the latencies of this device.
    const known = references.map(({ limits }) => limits?.features)
    const features = known.every((ranges) => ranges !== undefined) && widenedBy(own, known)
    return { settings, ...(features && { features }), rates }
  }
  const latencies = Float64Array.from(samples, ({ latency_ms }) => latency_ms).sort()
  const latency_ms = { min: latencies[0], max: latencies[latencies.length - 1] }
  const cost_sum = await costSumOf(samples)
  return { settings, features: own, latency_ms, ...(cost_sum && { cost_sum }), rates }
}

/** The lookup table of whole networks, whatever profiles say; `undefined` if a number of it is not finite. */
async function costSumOf(samples: readonly Sample[]): Promise<CostSum | undefined> {
  const whole = samples.map((sample) => ({ ...sample, kernel_ms: undefined }))
  const table = await lut.fit(whole, { latencyScale: 'linear', seed: 0 })
  const { intercept, features } = table.toJSON() as LinearParameters
  const costs = features.map(({ name, weight, scale }) => [name, weight / scale] as const)
  const means = features.reduce((sum, { mean }, i) => sum + mean * costs[i][1], 0)
  const base_ms = Math.max(0, intercept - means)
  const isFinite = [base_ms, ...costs.map(([, cost]) => cost)].every(Number.isFinite)
  return isFinite ? { base_ms, ms: Object.fromEntries(costs) } : undefined
}

/** The ranges that all references know, or the samples themselves. */
function widenedBy(own: Ranges, references: readonly Ranges[]): Ranges {
  const names = Object.keys(references[0]).filter((name) =>
    references.every((ranges) => Object.hasOwn(ranges, name)),
  )
  return Object.fromEntries(
    names.map((name) => {
      const known = references.map((ranges) => ranges[name])
      return [name, joined(common(known), own[name])]
    }),
  )
}

function common(ranges: readonly Range[]): Range {
  const min = Math.max(...ranges.map((range) => range.min))
  const max = Math.max(min, Math.min(...ranges.map((range) => range.max)))
  return { min, max, effect: Math.max(...ranges.map(({ effect }) => effect)) }
}

function joined(known: Range, own: Range | undefined): Range {
  if (!own) return known
  const [min, max] = [Math.min(known.min, own.min), Math.max(known.max, own.max)]
  return { min, max, effect: Math.max(known.effect, own.effect) }
}

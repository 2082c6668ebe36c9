import type { KernelWork } from '@leti/records'
import { median } from '../linear-algebra.js'
import { fitCorrection, type Residual } from './correction.js'
import { costOf, solveCosts, type Costs, type KernelSample } from './costs.js'
import { KernelsModel } from './model.js'
import {
  bytesOf,
  type FamilyParameters,
  type GroupParameters,
  type KernelsParameters,
  type Roofline,
} from './parameters.js'
import { coordinatesOf } from './shape.js'
import { COST_FAMILIES, familyOf, groupOf, COST_TERMS, type Group } from './terms.js'

/**
 * A network of at most `FEW` different kernels measures its largest kernel, if that takes more than this
 * part of the time.
 */
const DOMINANT = 0.65
const FEW = 4

/** Least networks for the ratio of networks to single kernels. */
const MIN_NETWORKS = 5

/** Part of the fastest kernels that may be measurement errors. */
const OUTLIERS = 0.02

/** A kernel that was measured by itself: its time, and the time by its cost terms, in ms. */
interface Measured {
  readonly kernel: KernelWork
  readonly ms: number
  readonly expected: number
}

/** Fits cost terms for all groups, then a correction per group, then a factor for whole networks. */
export function fitKernels(samples: readonly KernelSample[]): KernelsModel {
  const costs = solveCosts(samples)
  const alone: Measured[] = []
  const networks: KernelSample[] = []
  for (const sample of samples) {
    const measured = measuredKernel(costs, sample)
    if (measured) alone.push(measured)
    if (sample.kernels.length > FEW) networks.push(sample)
  }
  const kernels = merged(alone)
  const parameters: KernelsParameters = {
    overhead_ms: costs.overhead_ms,
    network_factor: 1,
    roofline: rooflineOf(costs.groups.keys(), kernels, networks),
    groups: [...costs.groups.keys()].sort().map((group) => ({
      ...groupParameters(costs, group, kernels),
      largest: largestOf(samples, group),
    })),
    families: familyParameters(costs, samples),
  }
  return new KernelsModel({ ...parameters, network_factor: networkFactor(parameters, networks) })
}

/** The time of the network's dominant kernel; `undefined` if it has none. */
function measuredKernel(costs: Costs, { kernels, latency_ms }: KernelSample): Measured | undefined {
  if (kernels.length > FEW) return undefined
  const expected = kernels.map((kernel) => kernel.count * (costOf(costs, kernel) ?? 0))
  const total = expected.reduce((sum, ms) => sum + ms, costs.overhead_ms)
  const largest = Math.max(...expected)
  const kernel = kernels[expected.indexOf(largest)]
  if (!(largest > DOMINANT * total)) return undefined
  const ms = latency_ms - (total - largest)
  if (!(ms > 0)) return undefined
  return { kernel, ms: ms / kernel.count, expected: largest / kernel.count }
}

/** Merges equal kernels; the time is their geometric mean. */
function merged(alone: readonly Measured[]): Measured[] {
  const same = new Map<string, Measured[]>()
  for (const measured of alone) {
    const key = JSON.stringify({ ...measured.kernel, count: 1 })
    same.set(key, [...(same.get(key) ?? []), measured])
  }
  return [...same.values()].map((all) => {
    const logs = all.reduce((sum, { ms }) => sum + Math.log(ms), 0)
    return { ...all[0], ms: Math.exp(logs / all.length) }
  })
}

function groupParameters(
  { groups }: Costs,
  group: string,
  kernels: readonly Measured[],
): GroupParameters {
  const own = kernels.filter(({ kernel }) => groupOf(kernel) === group)
  const residuals = own.map(({ kernel, ms, expected }): Residual => {
    return { at: coordinatesOf(kernel), value: Math.log(ms / expected) }
  })
  const { correction, errors } = fitCorrection(residuals)
  const weights = groups.get(group) ?? []
  const paid = COST_TERMS.map((term, i) => [term, weights[i]] as const).filter(
    ([, cost]) => cost > 0,
  )
  return {
    group,
    kernels: own.length,
    cost: Object.fromEntries(paid),
    ...(correction && { correction }),
    error: errors.length ? median(errors.map(Math.abs)) : 0,
  }
}

/** The size of the largest kernels of a group, alone or within a network. */
function largestOf(samples: readonly KernelSample[], group: Group) {
  const own = samples.flatMap(({ kernels }) =>
    kernels.filter((kernel) => groupOf(kernel) === group),
  )
  return own.reduce(
    (largest, kernel) => ({
      macs: Math.max(largest.macs, kernel.macs),
      bytes: Math.max(largest.bytes, bytesOf(kernel)),
    }),
    { macs: 0, bytes: 0 },
  )
}

/** The fastest measured rates, by MACs and by bytes. */
function rooflineOf(
  groups: Iterable<Group>,
  kernels: readonly Measured[],
  networks: readonly KernelSample[],
): Roofline {
  const macs_per_ms = fastest([
    ...kernels.map(({ kernel, ms }) => kernel.macs / ms),
    ...networks.map((network) => sumOf(network, ({ macs }) => macs) / network.latency_ms),
  ])
  // A kernel that moves data may only change a pointer.
  const working = kernels.filter(({ kernel }) => familyOf(kernel) !== 'movement')
  // Per group: only few groups reach the memory bandwidth, so outliers must be dropped within each.
  const bytes = [...groups].map((group) => {
    const own = working.filter(({ kernel }) => groupOf(kernel) === group)
    return fastest(own.map(({ kernel, ms }) => bytesOf(kernel) / ms)) ?? 0
  })
  const bytes_per_ms = Math.max(0, ...bytes)
  return { ...(macs_per_ms && { macs_per_ms }), ...(bytes_per_ms && { bytes_per_ms }) }
}

/** The largest rate without outliers. */
function fastest(rates: readonly number[]): number | undefined {
  const sorted = rates.filter((rate) => rate > 0).sort((a, b) => b - a)
  return sorted[Math.floor(OUTLIERS * sorted.length)]
}

/** The median costs of each family, over the kernels in the samples. */
function familyParameters(costs: Costs, samples: readonly KernelSample[]): FamilyParameters[] {
  const kernels = samples.flatMap((sample) => sample.kernels)
  return COST_FAMILIES.flatMap((family): FamilyParameters[] => {
    const own = kernels.filter((kernel) => familyOf(kernel) === family)
    if (!own.length) return []
    const launches = own.map((kernel) => costs.groups.get(groupOf(kernel))?.[0] ?? 0)
    const rest = (kernel: KernelWork, i: number): number =>
      (costOf(costs, kernel) ?? 0) - launches[i]
    const computes = own.some(({ macs }) => macs > 0)
    const rates = own.map((kernel, i) => {
      const amount = (computes ? kernel.macs : bytesOf(kernel)) / 1e6
      return amount > 0 ? rest(kernel, i) / amount : 0
    })
    const rate = median(rates)
    const launch_ms = median(launches)
    return [{ family, launch_ms, macs_ms: computes ? rate : 0, bytes_ms: computes ? 0 : rate }]
  })
}

/** The median ratio of a network's latency to the sum of its kernels. */
function networkFactor(parameters: KernelsParameters, networks: readonly KernelSample[]): number {
  if (networks.length < MIN_NETWORKS) return 1
  const model = new KernelsModel(parameters)
  const { overhead_ms } = parameters
  const factors = networks.map(({ kernels, latency_ms }) => {
    return (latency_ms - overhead_ms) / (model.estimate({}, kernels) - overhead_ms)
  })
  const factor = median(factors)
  return factor > 0 && factor < Infinity ? factor : 1
}

function sumOf({ kernels }: KernelSample, value: (kernel: KernelWork) => number): number {
  return kernels.reduce((sum, kernel) => sum + kernel.count * value(kernel), 0)
}

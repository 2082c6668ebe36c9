import { LetiError, type Features, type KernelWork } from '@leti/records'
import { EXTRAPOLATES } from '../limits/growth.js'
import type { Model } from '../model.js'
import { correctionAt, novelty } from './correction.js'
import {
  bytesOf,
  type FamilyParameters,
  type GroupParameters,
  type KernelsParameters,
} from './parameters.js'
import { coordinatesOf } from './shape.js'
import { familyOf, groupOf, COST_TERMS, costTermsOf, type CostFamily, type Group } from './terms.js'

/** Largest part of the time that kernels of unmeasured groups or sizes may take. */
const MAX_UNKNOWN = 0.25

/** How many times the MACs of any kernel of its group a kernel may have. */
const MAX_SCALE = 8

/** Expected relative error of a kernel whose group was never measured, or only within networks. */
const UNMEASURED_ERROR = 1
const SHARED_ERROR = 0.2

/** Expected relative error of a measurement. */
const MEASUREMENT_ERROR = 0.01

/** Predicts the latency of a network as a fixed cost plus the sum of its kernels. */
export class KernelsModel implements Model {
  readonly features = []
  private readonly groups: ReadonlyMap<Group, GroupParameters>
  private readonly families: ReadonlyMap<CostFamily, FamilyParameters>

  constructor(private readonly parameters: KernelsParameters) {
    this.groups = new Map(parameters.groups.map((group) => [group.group, group]))
    this.families = new Map(parameters.families.map((family) => [family.family, family]))
  }

  check(_features: Features, kernels?: readonly KernelWork[]): void {
    const total = this.estimate(_features, kernels)
    let unknown = 0
    let largest: KernelWork | undefined
    for (const kernel of kernels ?? []) {
      if (this.isKnown(kernel)) continue
      const cost = kernel.count * this.costOf(kernel)
      if (!largest || cost > largest.count * this.costOf(largest)) largest = kernel
      unknown += cost
    }
    if (!largest || unknown <= MAX_UNKNOWN * total) return
    const share = Math.round((100 * unknown) / total)
    throw new LetiError(
      'out-of-domain',
      `${this.unlike(largest)} and the like take about ${share}% of the time`,
    )
  }

  estimate(_features: Features, kernels?: readonly KernelWork[]): number {
    if (!kernels) {
      throw new LetiError('missing-feature', 'no "kernels": run featurize --kernels first')
    }
    const { overhead_ms, network_factor } = this.parameters
    const sum = kernels.reduce((total, kernel) => total + kernel.count * this.costOf(kernel), 0)
    return overhead_ms + network_factor * sum
  }

  /** The cost of one kernel in ms; at least what it takes at the fastest measured rates. */
  costOf(kernel: KernelWork): number {
    const known = this.groups.get(groupOf(kernel))
    const cost = known ? costIn(known, kernel) : this.unknownCost(kernel)
    const { macs_per_ms = Infinity, bytes_per_ms = Infinity } = this.parameters.roofline
    // A kernel that moves data may only change a pointer: the memory bandwidth is no limit.
    const bytes = familyOf(kernel) === 'movement' ? 0 : bytesOf(kernel)
    return Math.max(cost, kernel.macs / macs_per_ms, bytes / bytes_per_ms)
  }

  /** The expected relative error of one kernel. */
  kernelUncertainty(kernel: KernelWork): number {
    const known = this.groups.get(groupOf(kernel))
    // A runtime without grouped convolutions takes about as long as for all channels at once.
    if (!known) return UNMEASURED_ERROR * (kernel.groups ?? 1)
    const { correction, error, kernels } = known
    const larger = EXTRAPOLATES * (this.scaleOf(kernel) - 1)
    if (!correction) return larger + (kernels ? error : SHARED_ERROR)
    return larger + error + correction.signal * novelty(correction, coordinatesOf(kernel))
  }

  /**
   * The expected relative error of a network. Errors of different kernels are independent, except those of
   * kernels that were never measured: what is wrong of one of their group is wrong of all.
   */
  uncertainty(_features: Features, kernels: readonly KernelWork[] = []): number {
    let [total, squares] = [0, 0]
    const unmeasured = new Map<Group, number>()
    for (const kernel of kernels) {
      const cost = kernel.count * this.costOf(kernel)
      const error = cost * this.kernelUncertainty(kernel)
      const group = groupOf(kernel)
      total += cost
      if (this.groups.has(group)) squares += error ** 2
      else unmeasured.set(group, (unmeasured.get(group) ?? 0) + error)
    }
    for (const error of unmeasured.values()) squares += error ** 2
    return MEASUREMENT_ERROR + (total && Math.sqrt(squares) / total)
  }

  toJSON(): KernelsParameters {
    return this.parameters
  }

  /** Whether its group was measured, in sizes like its own. What does no arithmetic costs by its bytes. */
  private isKnown(kernel: KernelWork): boolean {
    return this.groups.has(groupOf(kernel)) && (!kernel.macs || this.scaleOf(kernel) <= MAX_SCALE)
  }

  /** The size of a kernel relative to the largest of its group, which was measured; at least 1. */
  private scaleOf(kernel: KernelWork): number {
    const largest = this.groups.get(groupOf(kernel))?.largest
    if (!largest) return 1
    const scale = kernel.macs ? kernel.macs / largest.macs : bytesOf(kernel) / largest.bytes
    return scale > 1 ? scale : 1
  }

  private unlike(kernel: KernelWork): string {
    const group = groupOf(kernel)
    if (!this.groups.has(group)) return `${group} kernels, which were never measured,`
    const { output_shape, macs } = kernel
    const times = this.scaleOf(kernel).toPrecision(2)
    return `a ${group} kernel of ${output_shape.join('x')} outputs (${macs} MACs), ${times} times the largest measured,`
  }

  private unknownCost(kernel: KernelWork): number {
    const family = this.families.get(familyOf(kernel)) ?? this.parameters.families[0]
    if (!family) return 0
    const { launch_ms, macs_ms, bytes_ms } = family
    return launch_ms + (macs_ms * kernel.macs) / 1e6 + (bytes_ms * bytesOf(kernel)) / 1e6
  }
}

function costIn({ cost, correction }: GroupParameters, kernel: KernelWork): number {
  let sum = 0
  costTermsOf(kernel).forEach((value, i) => (sum += value * (cost[COST_TERMS[i]] ?? 0)))
  return correction ? sum * Math.exp(correctionAt(correction, coordinatesOf(kernel))) : sum
}

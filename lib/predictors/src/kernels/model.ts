import { LetiError, type Features, type KernelWork } from '@leti/records'
import type { Model } from '../model.js'
import { correctionAt, novelty } from './correction.js'
import {
  bytesOf,
  type FamilyParameters,
  type GroupParameters,
  type KernelsParameters,
} from './parameters.js'
import { coordinatesOf } from './shape.js'
import { familyOf, groupOf, TERMS, termsOf, type Family, type Group } from './terms.js'

/** More of the work than this may not be of kinds that were never measured. */
const MAX_UNKNOWN = 0.25

/**
 * How far off one of a group may be, as a part of its time, that was never measured, and that was
 * measured together with others only.
 */
const UNKNOWN_ERROR = 1
const SHARED_ERROR = 0.2

/** How far off a measurement may be, as a part of it, whatever the kernels. */
const OWN_ERROR = 0.01

/** A network costs what its kernels cost, and a call. */
export class KernelsModel implements Model {
  private readonly groups: ReadonlyMap<Group, GroupParameters>
  private readonly families: ReadonlyMap<Family, FamilyParameters>

  constructor(private readonly parameters: KernelsParameters) {
    this.groups = new Map(parameters.groups.map((group) => [group.group, group]))
    this.families = new Map(parameters.families.map((family) => [family.family, family]))
  }

  check(_features: Features, kernels?: readonly KernelWork[]): void {
    const total = this.estimate(_features, kernels)
    let unknown = 0
    let largest: KernelWork | undefined
    for (const kernel of kernels ?? []) {
      if (this.groups.has(groupOf(kernel))) continue
      const cost = kernel.count * this.costOf(kernel)
      if (!largest || cost > largest.count * this.costOf(largest)) largest = kernel
      unknown += cost
    }
    if (!largest || unknown <= MAX_UNKNOWN * total) return
    const share = Math.round((100 * unknown) / total)
    throw new LetiError(
      'out-of-domain',
      `about ${share}% of the time is of kernels that were never measured, such as ${groupOf(largest)}`,
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

  /** What one kernel costs, in ms; never less than the fastest that was measured would. */
  costOf(kernel: KernelWork): number {
    const known = this.groups.get(groupOf(kernel))
    const cost = known ? costIn(known, kernel) : this.unknownCost(kernel)
    const { macs_per_ms = Infinity, bytes_per_ms = Infinity } = this.parameters.roofline
    // Much of what moves data is done by saying where it stands.
    const bytes = familyOf(kernel) === 'movement' ? 0 : bytesOf(kernel)
    return Math.max(cost, kernel.macs / macs_per_ms, bytes / bytes_per_ms)
  }

  /** How far off a kernel may be, as a part of its time: what is worth measuring. */
  kernelUncertainty(kernel: KernelWork): number {
    const known = this.groups.get(groupOf(kernel))
    if (!known) return UNKNOWN_ERROR
    const { correction, error, kernels } = known
    if (!correction) return kernels ? error : SHARED_ERROR
    return error + correction.signal * novelty(correction, coordinatesOf(kernel))
  }

  /** As a part of the latency; the errors of a network's different kernels do not go together. */
  uncertainty(_features: Features, kernels: readonly KernelWork[] = []): number {
    let [total, squares] = [0, 0]
    for (const kernel of kernels) {
      const cost = kernel.count * this.costOf(kernel)
      total += cost
      squares += (cost * this.kernelUncertainty(kernel)) ** 2
    }
    return OWN_ERROR + (total && Math.sqrt(squares) / total)
  }

  toJSON(): KernelsParameters {
    return this.parameters
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
  termsOf(kernel).forEach((value, i) => (sum += value * (cost[TERMS[i]] ?? 0)))
  return correction ? sum * Math.exp(correctionAt(correction, coordinatesOf(kernel))) : sum
}

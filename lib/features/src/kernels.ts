import type { Kernel, OperatorType } from '@leti/network'
import {
  featureName,
  kernelFeatureName,
  type FeatureQuantity,
  type Features,
  type NamedScope,
} from '@leti/records'
import { KINDS, kindOf, OTHER, type KernelKind } from './kinds.js'

/** Sums of every kind, and those of kinds with weights. */
const SUMS = ['count', 'input_bytes', 'output_bytes'] as const
const WEIGHT_SUMS = ['macs', 'weight_bytes'] as const

// JavaScript objects of more than 127 members are several times as slow to read and write: a record's
// features should stay below.
function sumsOf({ type, hasWeights }: KernelKind): readonly FeatureQuantity[] {
  if (COUNTED.includes(type)) return ['count']
  return hasWeights ? [...SUMS, ...WEIGHT_SUMS] : SUMS
}

/** Kinds with a count only: converters fold them away, or they cost almost nothing. */
const COUNTED: readonly OperatorType[] = ['zeros', 'channel_shuffle']

/** The names in each scope: cached, since every network needs them. */
const namesByScope = new Map<NamedScope, readonly string[]>()

function namesOf(scope: NamedScope): readonly string[] {
  const names =
    namesByScope.get(scope) ??
    KINDS.flatMap((kind) => sumsOf(kind).map((sum) => kernelFeatureName(scope, kind.name, sum)))
  namesByScope.set(scope, names)
  return names
}

const NAMES = namesOf('kernel')

/** Where the sums of each kind begin in `NAMES`. */
const OFFSETS = KINDS.map(({ name }) => NAMES.indexOf(kernelFeatureName('kernel', name, 'count')))

/**
 * Sums over the kernels of each kind: count, MACs, and bytes of inputs, outputs and weights. Kinds that
 * the network lacks have zeros, so that all networks have the same features.
 *
 * @param scope first part of the names
 * @param others whether to add the sums over all kernels of the kind `OTHER`
 */
export function kernelFeatures(
  kernels: readonly Kernel[],
  scope: NamedScope,
  others = false,
): Features {
  const sums = new Float64Array(NAMES.length)
  for (const kernel of kernels) {
    const kind = kindOf(kernel)
    if (kind < 0) continue
    const offset = OFFSETS[kind]
    sums[offset]++
    if (COUNTED.includes(KINDS[kind].type)) continue
    sums[offset + 1] += kernel.input_bytes
    sums[offset + 2] += kernel.output_bytes
    if (KINDS[kind].hasWeights) {
      sums[offset + 3] += kernel.macs
      sums[offset + 4] += kernel.weight_bytes
    }
  }
  const features: Features = {}
  // The whole network's MACs are a proxy already.
  if (scope !== 'kernel') {
    features[featureName(scope, 'macs')] = kernels.reduce((sum, { macs }) => sum + macs, 0)
  }
  namesOf(scope).forEach((name, index) => (features[name] = sums[index]))
  if (others) Object.assign(features, otherFeatures(kernels, scope))
  return features
}

function otherFeatures(kernels: readonly Kernel[], scope: NamedScope): Features {
  const others = kernels.filter((kernel) => kindOf(kernel) === OTHER)
  const sum = (value: (kernel: Kernel) => number): number =>
    others.reduce((total, kernel) => total + value(kernel), 0)
  const name = (quantity: FeatureQuantity): string => kernelFeatureName(scope, 'other', quantity)
  return {
    [name('count')]: others.length,
    [name('input_bytes')]: sum(({ input_bytes }) => input_bytes),
    [name('output_bytes')]: sum(({ output_bytes }) => output_bytes),
    [name('macs')]: sum(({ macs }) => macs),
  }
}

import type { Kernel, OperatorType } from '@leti/network'
import type { Features } from '@leti/records'
import { KINDS, kindOf, OTHER, type Kind } from './kinds.js'

/** A kind's sums; one that has no weights has no MACs either, and what is folded away has a count. */
const SUMS = ['count', 'input_bytes', 'output_bytes'] as const
const WEIGHT_SUMS = ['macs', 'weight_bytes'] as const

// JavaScript objects of more than 127 members are several times as slow to read and write: a record's
// features should stay below.
function sumsOf({ type, hasWeights }: Kind): readonly string[] {
  if (COUNTED.includes(type)) return ['count']
  return hasWeights ? [...SUMS, ...WEIGHT_SUMS] : SUMS
}

/** Kinds that are nearly nothing, or nothing once the graph is folded. */
const COUNTED: readonly OperatorType[] = ['zeros', 'channel_shuffle']

const NAMES = KINDS.flatMap((kind) => sumsOf(kind).map((sum) => `${kind.name}_${sum}`))

/** The same behind each prefix: they are written for every network. */
const prefixed = new Map<string, readonly string[]>()

function namesWith(prefix: string): readonly string[] {
  const names = prefixed.get(prefix) ?? NAMES.map((name) => `${prefix}_${name}`)
  prefixed.set(prefix, names)
  return names
}

/** Where the sums of each kind begin in `NAMES`. */
const OFFSETS = KINDS.map(({ name }) => NAMES.indexOf(`${name}_count`))

/**
 * For each kind of kernel after fusion, the sums over its kernels of one, MACs, input, output and
 * weight bytes. All kinds are there, absent ones as zeros, so that all networks have the same
 * features.
 *
 * @param prefix what the names begin with
 * @param others whether kinds that no search space has are summed too, all together
 */
export function kernelFeatures(
  kernels: readonly Kernel[],
  prefix: string,
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
  if (prefix !== 'kernel')
    features[`${prefix}_macs`] = kernels.reduce((sum, { macs }) => sum + macs, 0)
  namesWith(prefix).forEach((name, index) => (features[name] = sums[index]))
  if (others) Object.assign(features, otherFeatures(kernels, prefix))
  return features
}

function otherFeatures(kernels: readonly Kernel[], prefix: string): Features {
  const others = kernels.filter((kernel) => kindOf(kernel) === OTHER)
  const sum = (value: (kernel: Kernel) => number): number =>
    others.reduce((total, kernel) => total + value(kernel), 0)
  return {
    [`${prefix}_other_count`]: others.length,
    [`${prefix}_other_input_bytes`]: sum(({ input_bytes }) => input_bytes),
    [`${prefix}_other_output_bytes`]: sum(({ output_bytes }) => output_bytes),
    [`${prefix}_other_macs`]: sum(({ macs }) => macs),
  }
}

import { fuse, prunedNetwork, type FusionRules, type Kernel, type Network } from '@leti/network'
import type { Features, KernelWork } from '@leti/records'
import type { RecordNetwork } from '@leti/spaces'
import { cellFeatures } from './cell.js'
import { choiceFeatures } from './choices.js'
import { graphFeatures } from './graph.js'
import { kernelFeatures } from './kernels.js'
import { kernelList } from './kernel-list.js'
import { operatorFeatures } from './operators.js'
import { pathFeatures } from './path.js'
import { proxyFeatures } from './proxies.js'
import type { FeatureSetName } from './names.js'
import { siblingFeatures } from './siblings.js'
import { stageFeatures } from './stages.js'

/** A record's network, and the kernels of both of its graphs. */
interface Source extends RecordNetwork {
  readonly writtenKernels: readonly Kernel[]
  /** Empty if the output does not depend on the input. */
  readonly executedKernels: readonly Kernel[]
}

/** How each set of features is computed. */
const SETS = {
  proxies: ({ written, writtenKernels }) => proxyFeatures(written, writtenKernels),
  operators: ({ written }) => operatorFeatures(written),
  cell: ({ arch }) => cellFeatures(arch),
  choices: ({ space, parsed }) => choiceFeatures(space, parsed),
  kernels: ({ space, writtenKernels }) => kernelFeatures(writtenKernels, 'kernel', !space.named),
  pruned: ({ space, written }) =>
    space.prunable ? kernelFeatures(fuse(prunedNetwork(written)), 'pruned') : {},
  executed: ({ space, executedKernels }) =>
    space.prunable ? kernelFeatures(executedKernels, 'executed') : {},
  path: ({ executedKernels }) => pathFeatures(executedKernels),
  siblings: ({ executedKernels }) => siblingFeatures(executedKernels),
  graph: ({ arch }) => graphFeatures(arch),
  stages: ({ space, executedKernels }) => (space.staged ? stageFeatures(executedKernels) : {}),
} as const satisfies Record<FeatureSetName, (source: Source) => Features>

export interface FeaturizeOptions {
  /** The sets to compute, in this order. */
  readonly sets: readonly FeatureSetName[]
  /** Whether to list the kernels of networks of search spaces too. */
  readonly kernels?: boolean
  /** Rules of the device's runtime; those of converters if absent. */
  readonly fusion?: FusionRules | undefined
}

/** The members that featurize adds to a record. */
export interface Featurized {
  features: Features
  kernels?: KernelWork[]
}

/**
 * Computes the features of a network, and lists its kernels. All networks of one search space have the
 * same features in the same order.
 *
 * @param network from `networkOf` of `@leti/spaces`, or from `openNetwork` of `@leti/formats`
 * @throws {LetiError} `unsupported` if a cell is too large for the set `graph`
 */
export function featurize(network: RecordNetwork, options: FeaturizeOptions): Featurized {
  const source = sourceOf(network, options.fusion)
  const features: Features = {}
  for (const set of options.sets) Object.assign(features, SETS[set](source))
  if (!options.kernels && network.space.named) return { features }
  return { features, kernels: kernelList(source.executedKernels) }
}

function sourceOf(network: RecordNetwork, fusion: FusionRules | undefined): Source {
  const fused = (graph: Network): Kernel[] => fuse(graph, fusion)
  const { written, executed } = network
  const writtenKernels = fused(written)
  const executedKernels = executed === written ? writtenKernels : fused(executed)
  return { ...network, writtenKernels, executedKernels }
}

import { executedNetwork, fuse, prunedNetwork, type Kernel, type Network } from '@leti/network'
import type { Features, LetiRecord } from '@leti/records'
import { architectureOf, type Space } from '@leti/spaces'
import { cellFeatures } from './cell.js'
import { choiceFeatures } from './choices.js'
import { graphFeatures } from './graph.js'
import { kernelFeatures } from './kernels.js'
import { operatorFeatures } from './operators.js'
import { pathFeatures } from './path.js'
import { proxyFeatures } from './proxies.js'
import { siblingFeatures } from './siblings.js'
import { stageFeatures } from './stages.js'

/** A record's network in all forms that features are taken from. */
interface Source {
  readonly record: LetiRecord
  readonly space: Space<unknown>
  readonly parsed: unknown
  /** As its authors write it: what an eager framework runs. */
  readonly network: Network
  readonly kernels: readonly Kernel[]
  /** What a converter leaves of it; none where its output is constant. */
  readonly executed: readonly Kernel[]
}

/** The sets of features that one can choose from. */
const SETS = {
  proxies: ({ network, kernels }) => proxyFeatures(network, kernels),
  operators: ({ network }) => operatorFeatures(network),
  cell: ({ record }) => cellFeatures(record),
  choices: ({ space, parsed }) => choiceFeatures(space, parsed),
  kernels: ({ kernels }) => kernelFeatures(kernels, 'kernel'),
  pruned: ({ space, network }) =>
    space.prunable ? kernelFeatures(fuse(prunedNetwork(network)), 'pruned') : {},
  executed: ({ space, executed }) => (space.prunable ? kernelFeatures(executed, 'executed') : {}),
  path: ({ executed }) => pathFeatures(executed),
  siblings: ({ executed }) => siblingFeatures(executed),
  graph: ({ record }) => graphFeatures(record),
  stages: ({ space, executed }) => (space.staged ? stageFeatures(executed) : {}),
} as const satisfies Record<string, (source: Source) => Features>

export type FeatureSetName = keyof typeof SETS

export const FEATURE_SETS = Object.keys(SETS) as FeatureSetName[]

/** Those that predictors of numbers want; the graph is for networks that read graphs. */
export const DEFAULT_SETS = FEATURE_SETS.filter((set) => set !== 'graph')

/**
 * The features of a record's network. Records of one search space all have the same names, in the
 * same order.
 *
 * @throws {LetiError} `bad-arch`, `unsupported`
 */
export function featurize(record: LetiRecord, sets: readonly FeatureSetName[]): Features {
  const source = sourceOf(record)
  const features: Features = {}
  for (const set of sets) Object.assign(features, SETS[set](source))
  return features
}

function sourceOf(record: LetiRecord): Source {
  const { space, parsed } = architectureOf(record)
  const network = space.toNetwork(parsed, record.id)
  const kernels = fuse(network)
  const executed = space.prunable ? executedNetwork(network) : network
  const same = executed === network
  const left = executed ? fuse(executed) : []
  return { record, space, parsed, network, kernels, executed: same ? kernels : left }
}

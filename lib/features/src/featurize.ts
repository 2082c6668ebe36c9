import { fileOfRecord, isOfFile } from '@leti/formats'
import {
  executedNetwork,
  fuse,
  prunedNetwork,
  type FusionRules,
  type Kernel,
  type Network,
} from '@leti/network'
import type { Features, KernelWork, LetiRecord } from '@leti/records'
import { architectureOf, type Space } from '@leti/spaces'
import { cellFeatures } from './cell.js'
import { choiceFeatures } from './choices.js'
import { graphFeatures } from './graph.js'
import { kernelFeatures } from './kernels.js'
import { kernelList } from './kernel-list.js'
import { operatorFeatures } from './operators.js'
import { pathFeatures } from './path.js'
import { proxyFeatures } from './proxies.js'
import { siblingFeatures } from './siblings.js'
import { stageFeatures } from './stages.js'

/** A record's network in all forms that features are taken from. */
interface Source {
  readonly record: LetiRecord
  /** Nothing where the network is a user's file. */
  readonly space: Pick<Space<unknown>, 'choices' | 'named' | 'prunable' | 'staged'>
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
  kernels: ({ space, kernels }) => kernelFeatures(kernels, 'kernel', !space.named),
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

export interface FeaturizeOptions {
  readonly sets: readonly FeatureSetName[]
  /** Whether the kernels of search spaces' networks are listed too. */
  readonly kernels?: boolean
  /** What the device's runtime fuses, where that is not what converters do. */
  readonly fusion?: FusionRules | undefined
}

/** The members that featurize adds to a record. */
export interface Featurized {
  features: Features
  kernels?: KernelWork[]
}

/**
 * The features of a record's network, and the list of its kernels. Records of one search space all
 * have the same names of features, in the same order.
 *
 * @returns a promise where a file of the user's own has to be read
 * @throws {LetiError} `bad-arch`, `bad-model`, `unsupported`
 */
export function featurize(
  record: LetiRecord,
  options: FeaturizeOptions,
): Featurized | Promise<Featurized> {
  if (!isOfFile(record)) return featurizeArch(record, options)
  return fileOfRecord(record).then(({ network }) =>
    featuresOf(fileSource(record, network, options), options),
  )
}

/**
 * The same for a record whose network is that of its architecture, and no file's.
 *
 * @throws {LetiError} `bad-arch`, `unsupported`
 */
export function featurizeArch(record: LetiRecord, options: FeaturizeOptions): Featurized {
  return featuresOf(sourceOf(record, options), options)
}

function featuresOf(source: Source, { sets, kernels }: FeaturizeOptions): Featurized {
  const features: Features = {}
  for (const set of sets) Object.assign(features, SETS[set](source))
  if (!kernels && source.space.named) return { features }
  return { features, kernels: kernelList(source.executed) }
}

function sourceOf(record: LetiRecord, options: FeaturizeOptions): Source {
  const { space, parsed } = architectureOf(record)
  const network = space.toNetwork(parsed, record.id)
  const kernels = fused(network, options)
  const executed = space.prunable ? executedNetwork(network) : network
  const same = executed === network
  const left = executed ? fused(executed, options) : []
  return { record, space, parsed, network, kernels, executed: same ? kernels : left }
}

/** A file holds what a converter left, and no choices. */
function fileSource(record: LetiRecord, network: Network, options: FeaturizeOptions): Source {
  const kernels = fused(network, options)
  return { record, space: {}, parsed: undefined, network, kernels, executed: kernels }
}

function fused(network: Network, { fusion }: FeaturizeOptions): Kernel[] {
  return fuse(network, fusion)
}

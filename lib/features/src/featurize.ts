import { networkOfRecord } from '@leti/formats'
import { fuse, type Kernel, type Network } from '@leti/network'
import type { Features, LetiRecord } from '@leti/records'
import { cellFeatures } from './cell.js'
import { kernelFeatures } from './kernels.js'
import { operatorFeatures } from './operators.js'
import { proxyFeatures } from './proxies.js'

type FeatureSet = (network: Network, kernels: readonly Kernel[], record: LetiRecord) => Features

/** The sets of features that one can choose from. */
const SETS = {
  proxies: proxyFeatures,
  operators: operatorFeatures,
  cell: (_network, _kernels, record) => cellFeatures(record),
  kernels: (_network, kernels) => kernelFeatures(kernels),
} as const satisfies Record<string, FeatureSet>

export type FeatureSetName = keyof typeof SETS

export const FEATURE_SETS = Object.keys(SETS) as FeatureSetName[]

/**
 * The features of a record's network. Records of one search space all have the same names, in the
 * same order.
 *
 * @throws {LetiError} `bad-arch`, `bad-model`, `unsupported`
 */
export async function featurize(
  record: LetiRecord,
  sets: readonly FeatureSetName[],
): Promise<Features> {
  const network = await networkOfRecord(record)
  const kernels = fuse(network)
  const features: Features = {}
  for (const set of sets) Object.assign(features, SETS[set](network, kernels, record))
  return features
}

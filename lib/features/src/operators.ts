import { operatorCosts, type Network, type OperatorType } from '@leti/network'
import { kernelFeatureName, type Features } from '@leti/records'

/** Operator types with features, in their order: those that occur in the search spaces. */
const COUNTED: readonly OperatorType[] = [
  'conv2d',
  'depthwise_conv2d',
  'batch_norm',
  'relu',
  'max_pool',
  'avg_pool',
  'global_avg_pool',
  'dense',
  'add',
  'concat',
  'channel_shuffle',
  'zeros',
  'truncate',
]
const WITH_MACS: readonly OperatorType[] = ['conv2d', 'depthwise_conv2d', 'dense']

/** Count and MACs of each operator type in the network as written. */
export function operatorFeatures(network: Network): Features {
  const counts = new Map<OperatorType, number>()
  const macs = new Map<OperatorType, number>()
  operatorCosts(network).forEach((cost, index) => {
    const { type } = network.nodes[index].operator
    counts.set(type, (counts.get(type) ?? 0) + 1)
    macs.set(type, (macs.get(type) ?? 0) + cost.macs)
  })
  const features: Features = {}
  for (const type of COUNTED) {
    features[kernelFeatureName('operator', type, 'count')] = counts.get(type) ?? 0
    if (WITH_MACS.includes(type)) {
      features[kernelFeatureName('operator', type, 'macs')] = macs.get(type) ?? 0
    }
  }
  return features
}

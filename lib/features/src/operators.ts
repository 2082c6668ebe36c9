import { operatorCosts, OPERATOR_TYPES, type Network } from '@leti/network'
import type { Features } from '@leti/records'

const TYPES_WITH_MACS: readonly string[] = ['conv2d', 'depthwise_conv2d', 'dense']

const ZEROS: Features = Object.fromEntries(
  OPERATOR_TYPES.flatMap((type) => [
    [`operator_${type}_count`, 0],
    ...(TYPES_WITH_MACS.includes(type) ? [[`operator_${type}_macs`, 0] as const] : []),
  ]),
)

/** Count and MACs of every type of operator in the network as written. */
export function operatorFeatures(network: Network): Features {
  const features = { ...ZEROS }
  operatorCosts(network).forEach(({ macs }, index) => {
    const { type } = network.nodes[index].operator
    if (type === 'input') return
    features[`operator_${type}_count`]++
    if (macs > 0) features[`operator_${type}_macs`] += macs
  })
  return features
}

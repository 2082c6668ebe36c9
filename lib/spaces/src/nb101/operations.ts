import type { NetworkBuilder } from '@leti/network'

/** Adds a vertex's operation to a network: returns the node of its output. */
type BuildOperation = (
  network: NetworkBuilder,
  scope: string,
  input: number,
  channels: number,
) => number

const bottleneck =
  (size: number): BuildOperation =>
  (network, scope, input, channels) => {
    const narrow = Math.floor(channels / 4)
    const reduced = network.convBnRelu(`${scope}/reduce`, input, [1, 1], narrow)
    const middle = network.convBnRelu(`${scope}/conv`, reduced, [size, size], narrow)
    return network.convBnRelu(`${scope}/expand`, middle, [1, 1], channels)
  }

const conv =
  (size: number): BuildOperation =>
  (network, scope, input, channels) =>
    network.convBnRelu(scope, input, [size, size], channels)

const maxPool: BuildOperation = (network, scope, input) =>
  network.maxPool(`${scope}/max_pool`, input, [3, 3], [1, 1])

/**
 * The operations of a vertex, by name. The first three are the published search space; their order is
 * that of the labels in the public module hash. The next four are accepted by the public `base_ops`
 * too (https://github.com/google-research/nasbench/blob/master/nasbench/lib/base_ops.py); the last two
 * are ours. Pooling and identity keep the channels of their input.
 */
export const OPERATIONS: Readonly<Record<string, BuildOperation>> = {
  'conv3x3-bn-relu': conv(3),
  'conv1x1-bn-relu': conv(1),
  maxpool3x3: maxPool,
  identity: (_network, _scope, input) => input,
  bottleneck3x3: bottleneck(3),
  bottleneck5x5: bottleneck(5),
  'maxpool3x3-conv1x1': (network, scope, input, channels) =>
    conv(1)(network, scope, maxPool(network, scope, input, channels), channels),
  'conv5x5-bn-relu': conv(5),
  'sepconv3x3-bn-relu': (network, scope, input, channels) =>
    conv(1)(network, scope, network.depthwiseBnRelu(scope, input, [3, 3]), channels),
}

export const OPERATION_NAMES: readonly string[] = Object.keys(OPERATIONS)

/** The operations of the published space, by label. */
export const PUBLISHED_OPERATIONS = OPERATION_NAMES.slice(0, 3)

export const INPUT = 'input'
export const OUTPUT = 'output'

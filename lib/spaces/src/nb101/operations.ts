import type { Layers } from '@leti/network'

/** Adds the operation of a vertex to a network and returns the node of its output. */
type BuildOperation = (net: Layers, input: number, channels: number) => number

const convBnRelu =
  (size: number): BuildOperation =>
  (net, input, channels) =>
    net.convBn(input, channels, { size, act: 'relu' })

const bottleneck =
  (size: number): BuildOperation =>
  (net, input, channels) => {
    const narrow = Math.floor(channels / 4)
    const reduced = convBnRelu(1)(net.in('reduce'), input, narrow)
    const middle = convBnRelu(size)(net.in('conv'), reduced, narrow)
    return convBnRelu(1)(net.in('expand'), middle, channels)
  }

const maxPool: BuildOperation = (net, input) => net.maxPool(input, { size: 3 })

/**
 * The operations of a vertex, by name. The first three are the published search space; their order is
 * that of the labels in the public module hash. The next four are also accepted by the public `base_ops`
 * (https://github.com/google-research/nasbench/blob/master/nasbench/lib/base_ops.py); LETI adds the
 * last two. Pooling and identity keep the number of channels of their input.
 */
export const OPERATIONS: Readonly<Record<string, BuildOperation>> = {
  'conv3x3-bn-relu': convBnRelu(3),
  'conv1x1-bn-relu': convBnRelu(1),
  maxpool3x3: maxPool,
  identity: (_net, input) => input,
  bottleneck3x3: bottleneck(3),
  bottleneck5x5: bottleneck(5),
  'maxpool3x3-conv1x1': (net, input, channels) =>
    convBnRelu(1)(net, maxPool(net, input, channels), channels),
  'conv5x5-bn-relu': convBnRelu(5),
  'sepconv3x3-bn-relu': (net, input, channels) =>
    convBnRelu(1)(net, net.depthwiseBn(input, { size: 3, act: 'relu' }), channels),
}

export const OPERATION_NAMES: readonly string[] = Object.keys(OPERATIONS)

/** The operations of the published space, by label. */
export const PUBLISHED_OPERATIONS = OPERATION_NAMES.slice(0, 3)

export const INPUT = 'input'
export const OUTPUT = 'output'

import { Layers, type Network } from '@leti/network'
import type { FbnetConfig } from './config.js'

/** A block: kernel size, expansion of the channels, groups of its 1x1 convolutions. */
export interface FbnetBlock {
  readonly kernel: number
  readonly expansion: number
  readonly groups: number
}

/** Channels and stride of the 22 searched blocks (table 1 of the paper). */
export const FBNET_LAYERS: readonly (readonly [channels: number, stride: number])[] = [
  ...stage(1, 16, 1),
  ...stage(4, 24, 2),
  ...stage(4, 32, 2),
  ...stage(4, 64, 2),
  ...stage(4, 112, 1),
  ...stage(4, 184, 2),
  ...stage(1, 352, 1),
]

const STEM = 16

/**
 * The network of 22 blocks (undefined: skipped), as the public mobile-vision code builds it.
 */
export function fbnetNetwork(
  blocks: readonly (FbnetBlock | undefined)[],
  { resolution, width, head_filter_size, num_labels }: FbnetConfig,
  name: string,
): Network {
  const net = new Layers()
  const stem = scaled(STEM, width)
  let x = net.in('stem').convBn(net.image(resolution), stem, { size: 3, stride: 2, act: 'relu' })
  blocks.forEach((block, layer) => {
    const [published, stride] = FBNET_LAYERS[layer]
    const channels = scaled(published, width)
    const scope = net.in(`layer${layer}`)
    x = block ? addBlock(scope, block, x, channels, stride) : skip(scope, x, channels, stride)
  })
  x = net.in('head').convBn(x, head_filter_size, { act: 'relu' })
  return net.build(name, net.classifier(x, num_labels))
}

/** Channels at a width: the next multiple of 8, as in the published FBNet-96-0.35-1. */
function scaled(channels: number, width: number): number {
  return 8 * Math.ceil((channels * width) / 8)
}

/** Inverted residual: 1x1 expansion, depthwise, 1x1 projection; the input is added if the shapes match. */
function addBlock(
  net: Layers,
  { kernel, expansion, groups }: FbnetBlock,
  input: number,
  channels: number,
  stride: number,
): number {
  const inputs = net.channels(input)
  const expand = net.in('expand')
  let x = expand.act(pointwise(expand, input, inputs * expansion, groups), 'relu')
  if (groups > 1) x = net.named('shuffle').op({ type: 'channel_shuffle', groups }, x)
  x = net.in('depthwise').depthwiseBn(x, { size: kernel, stride, act: 'relu' })
  x = pointwise(net.in('project'), x, channels, groups)
  return stride > 1 || inputs !== channels ? x : net.add(x, input)
}

/** 1x1 convolution, in groups if there are several, and batch norm. */
function pointwise(net: Layers, x: number, filters: number, groups: number): number {
  if (groups === 1) return net.convBn(x, filters)
  const window = { size: [1, 1], strides: [1, 1], padding: 'same' } as const
  // `groups` stands last: the ids of kernel records depend on the order of the members.
  return net.batchNorm(net.op({ type: 'conv2d', filters, window, bias: false, groups }, x))
}

/** The input itself if the shape stays, else a 1x1 convolution. */
function skip(net: Layers, input: number, channels: number, stride: number): number {
  if (stride === 1 && net.channels(input) === channels) return input
  return net.convBn(input, channels, { stride, act: 'relu' })
}

/** The blocks of a stage: the first one has its stride. */
function stage(count: number, channels: number, stride: number): [number, number][] {
  return Array.from({ length: count }, (_, index) => [channels, index ? 1 : stride])
}

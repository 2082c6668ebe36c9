import { NetworkBuilder, type Network, type Shape } from '@leti/network'

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

const INPUT: Shape = [224, 224, 3]
const STEM = 16
const HEAD = 1984
const CLASSES = 1000

/**
 * The network of 22 blocks (undefined: skipped), as the public mobile-vision code builds it, whose
 * last convolution has 1984 channels.
 */
export function fbnetNetwork(blocks: readonly (FbnetBlock | undefined)[], name: string): Network {
  const network = new NetworkBuilder()
  const input = network.add('input', { type: 'input', shape: INPUT })
  let net = relu(network, 'stem', conv(network, 'stem', input, 3, 2, STEM))
  blocks.forEach((block, layer) => {
    const [channels, stride] = FBNET_LAYERS[layer]
    const scope = `layer${layer}`
    net = block
      ? addBlock(network, scope, block, net, channels, stride)
      : skip(network, scope, net, channels, stride)
  })
  net = relu(network, 'head', conv(network, 'head', net, 1, 1, HEAD))
  const pooled = network.add('global_avg_pool', { type: 'global_avg_pool' }, net)
  const dense = { type: 'dense', units: CLASSES, bias: true } as const
  return network.build(name, network.add('dense', dense, pooled))
}

/** Inverted residual: 1x1 expansion, depthwise, 1x1 projection; the input is added where it fits. */
function addBlock(
  network: NetworkBuilder,
  scope: string,
  { kernel, expansion, groups }: FbnetBlock,
  input: number,
  channels: number,
  stride: number,
): number {
  const inputs = network.shapeOf(input)[2]
  const wide = inputs * expansion
  const expanded = conv(network, `${scope}/expand`, input, 1, 1, wide, groups)
  let net = relu(network, `${scope}/expand`, expanded)
  if (groups > 1) net = network.add(`${scope}/shuffle`, { type: 'channel_shuffle', groups }, net)
  net = relu(network, `${scope}/depthwise`, depthwise(network, scope, net, kernel, stride))
  net = conv(network, `${scope}/project`, net, 1, 1, channels, groups)
  if (stride > 1 || inputs !== channels) return net
  return network.add(`${scope}/add`, { type: 'add' }, net, input)
}

/** Nothing at all where the shape stays, and else a 1x1 convolution. */
function skip(
  network: NetworkBuilder,
  scope: string,
  input: number,
  channels: number,
  stride: number,
): number {
  if (stride === 1 && network.shapeOf(input)[2] === channels) return input
  return relu(network, scope, conv(network, scope, input, 1, stride, channels))
}

function conv(
  network: NetworkBuilder,
  scope: string,
  input: number,
  size: number,
  stride: number,
  filters: number,
  groups = 1,
): number {
  const window = { size: [size, size], strides: [stride, stride], padding: 'same' } as const
  const grouped = groups > 1 ? { groups } : {}
  const operator = { type: 'conv2d', filters, window, bias: false, ...grouped } as const
  return norm(network, scope, network.add(`${scope}/conv2d`, operator, input))
}

function depthwise(
  network: NetworkBuilder,
  scope: string,
  input: number,
  size: number,
  stride: number,
): number {
  const window = { size: [size, size], strides: [stride, stride], padding: 'same' } as const
  const operator = { type: 'depthwise_conv2d', window, bias: false } as const
  const inner = `${scope}/depthwise`
  return norm(network, inner, network.add(`${inner}/depthwise_conv2d`, operator, input))
}

function norm(network: NetworkBuilder, scope: string, input: number): number {
  return network.add(`${scope}/batch_norm`, { type: 'batch_norm' }, input)
}

function relu(network: NetworkBuilder, scope: string, input: number): number {
  return network.add(`${scope}/relu`, { type: 'relu' }, input)
}

/** The blocks of a stage: the first one has its stride. */
function stage(count: number, channels: number, stride: number): [number, number][] {
  return Array.from({ length: count }, (_, index) => [channels, index ? 1 : stride])
}

import type { Layers } from '@leti/network'
import { ANY, type Architecture } from './architecture.js'

/** Adds a residual block. */
type Block = (net: Layers, x: number, filters: number, stride: number) => number

/** Blocks of each stage, by depth. */
const BASIC_DEPTHS = { resnet18: [2, 2, 2, 2], resnet34: [3, 4, 6, 3] }
const BOTTLENECK_DEPTHS = { resnet50: [3, 4, 6, 3], resnet101: [3, 4, 23, 3] }

/**
 * He et al., "Deep Residual Learning for Image Recognition", CVPR 2016. The 3x3 convolution of a
 * bottleneck has the stride, as in torchvision.
 */
export const RESNETS_V1: Readonly<Record<string, Architecture>> = {
  ...architectures(BASIC_DEPTHS, '', resnetV1(basicV1)),
  ...architectures(BOTTLENECK_DEPTHS, '', resnetV1(bottleneckV1)),
}

/**
 * He et al., "Identity Mappings in Deep Residual Networks", ECCV 2016, as in MXNet's Gluon: batch norm
 * and ReLU precede the convolutions.
 */
export const RESNETS_V2: Readonly<Record<string, Architecture>> = {
  ...architectures(BASIC_DEPTHS, '_v2', resnetV2(basicV2)),
  ...architectures(BOTTLENECK_DEPTHS, '_v2', resnetV2(bottleneckV2)),
}

/** The first convolution of a bottleneck has the stride, as in the paper and in ncnn's benchmark. */
export const { resnet50: resnet50OfPaper } = architectures(
  BOTTLENECK_DEPTHS,
  '',
  resnetV1(bottleneckOfPaper),
)

type Resnet = (net: Layers, image: number, depths: readonly number[], classes: number) => number

function architectures(
  depths: Readonly<Record<string, readonly number[]>>,
  suffix: string,
  resnet: Resnet,
): Record<string, Architecture> {
  return Object.fromEntries(
    Object.entries(depths).map(([name, blocks]) => [
      name + suffix,
      {
        resolution: 224,
        resolutions: ANY,
        build: (net, image, { classes }) => resnet(net, image, blocks, classes),
      } satisfies Architecture,
    ]),
  )
}

function resnetV1(block: Block): Resnet {
  return (net, image, depths, classes) => {
    const x = net.convBn(image, 64, { size: 7, stride: 2, act: 'relu' })
    const y = addStages(net, net.maxPool(x, { size: 3, stride: 2 }), depths, block)
    return net.classifier(y, classes)
  }
}

function resnetV2(block: Block): Resnet {
  return (net, image, depths, classes) => {
    const x = net.convBn(image, 64, { size: 7, stride: 2, act: 'relu' })
    const y = addStages(net, net.maxPool(x, { size: 3, stride: 2 }), depths, block)
    return net.classifier(net.batchNorm(y, 'relu'), classes)
  }
}

function addStages(net: Layers, x: number, depths: readonly number[], block: Block): number {
  for (const [stage, blocks] of depths.entries()) {
    for (let index = 0; index < blocks; index++) {
      x = block(net, x, 64 * 2 ** stage, stage > 0 && index === 0 ? 2 : 1)
    }
  }
  return x
}

function basicV1(net: Layers, x: number, filters: number, stride: number): number {
  const y = net.convBn(x, filters, { size: 3, stride, act: 'relu' })
  return joined(net, x, net.convBn(y, filters, { size: 3 }), stride)
}

function bottleneckV1(net: Layers, x: number, filters: number, stride: number): number {
  let y = net.convBn(x, filters, { act: 'relu' })
  y = net.convBn(y, filters, { size: 3, stride, act: 'relu' })
  return joined(net, x, net.convBn(y, 4 * filters), stride)
}

function bottleneckOfPaper(net: Layers, x: number, filters: number, stride: number): number {
  let y = net.convBn(x, filters, { stride, act: 'relu' })
  y = net.convBn(y, filters, { size: 3, act: 'relu' })
  return joined(net, x, net.convBn(y, 4 * filters), stride)
}

/** Adds the input, projected if the shape changes, and applies ReLU. */
function joined(net: Layers, x: number, y: number, stride: number): number {
  const changes = stride > 1 || net.channels(x) !== net.channels(y)
  const shortcut = changes ? net.convBn(x, net.channels(y), { stride }) : x
  return net.act(net.add(y, shortcut), 'relu')
}

function basicV2(net: Layers, x: number, filters: number, stride: number): number {
  const active = net.batchNorm(x, 'relu')
  const y = net.convBn(active, filters, { size: 3, stride, act: 'relu' })
  return joinedV2(net, x, active, net.plainConv(y, filters, { size: 3 }), stride)
}

function bottleneckV2(net: Layers, x: number, filters: number, stride: number): number {
  const active = net.batchNorm(x, 'relu')
  let y = net.convBn(active, filters, { act: 'relu' })
  y = net.convBn(y, filters, { size: 3, stride, act: 'relu' })
  return joinedV2(net, x, active, net.plainConv(y, 4 * filters), stride)
}

/** Adds the input, or, if the shape changes, a projection of the activated input. */
function joinedV2(net: Layers, x: number, active: number, y: number, stride: number): number {
  const changes = stride > 1 || net.channels(x) !== net.channels(y)
  return net.add(y, changes ? net.plainConv(active, net.channels(y), { stride }) : x)
}

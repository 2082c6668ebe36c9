import { networkCost, type Network } from '@leti/network'
import { describe, expect, test } from 'vitest'
import { networkOf } from '../registry.js'
import { ZOO_NAMES, zooRecord } from './index.js'

// Published counts. Their sources, if no other is named:
// - torchvision: `num_params` and `_ops` of its weights, for example
//   https://github.com/pytorch/vision/blob/main/torchvision/models/alexnet.py
// - Keras: "Trainable params" of `keras.applications.X().summary()`
// - timm: columns `param_count` and `infer_gmacs` of
//   https://github.com/huggingface/pytorch-image-models/blob/main/results/model_benchmark_amp_nchw_rtx3090.csv
// - slim: https://github.com/tensorflow/models/blob/master/research/slim/nets/mobilenet/README.md and,
//   for MobileNet v1, mobilenet_v1.md beside it

interface Published {
  readonly name: string
  readonly width?: number
  readonly resolution?: number
  /** The count, or millions with all published digits. */
  readonly parameters: number | string
  readonly from: string
  /** In millions; absent if no reliable count is published. */
  readonly macs?: number
  readonly macsFrom?: string
}

const TORCHVISION: readonly (readonly [string, number, number, (number | undefined)?])[] = [
  ['alexnet', 61_100_840, 714],
  ['vgg16', 138_357_544, 15_470],
  ['googlenet', 6_624_904, 1_498],
  ['resnet18', 11_689_512, 1_814],
  ['resnet34', 21_797_672, 3_664],
  ['resnet50', 25_557_032, 4_089],
  ['resnet101', 44_549_160, 7_801],
  ['densenet121', 7_978_856, 2_834],
  ['squeezenet1_0', 1_248_424, 819],
  ['squeezenet1_1', 1_235_496, 349],
  ['mobilenet_v2', 3_504_872, 301],
  ['mobilenet_v3_small', 2_542_856, 57],
  ['mobilenet_v3_large', 5_483_032, 217],
  ['mnasnet_b1', 2_218_512, 104, 0.5],
  ['mnasnet_b1', 3_170_208, 215, 0.75],
  ['mnasnet_b1', 4_383_312, 314],
  ['mnasnet_b1', 6_282_256, 526, 1.3],
  ['shufflenet_v2', 1_366_792, 40, 0.5],
  ['shufflenet_v2', 2_278_604, 145],
  ['shufflenet_v2', 3_503_624, 296, 1.5],
  ['shufflenet_v2', 7_393_996, 583, 2],
  ['efficientnet_b0', 5_288_548, 386],
  ['efficientnet_b1', 7_794_184, 687],
  ['efficientnet_b3', 12_233_232, 1_827],
  ['regnet_x_400mf', 5_495_976, 414],
  ['regnet_x_800mf', 7_259_656, 800],
  ['regnet_y_400mf', 4_344_144, 402],
  ['regnet_y_800mf', 6_432_512, 834],
  ['convnext_tiny', 28_589_128, 4_456],
]

/** torchvision counts the auxiliary classifier: two convolutions with batch norm and a dense layer. */
const INCEPTION_AUXILIARY = 768 * 128 + 2 * 128 + 5 * 5 * 128 * 768 + 2 * 768 + 769 * 1000

const PUBLISHED: readonly Published[] = [
  ...TORCHVISION.map(([name, parameters, macs, width]) => {
    return { name, parameters, macs, width, from: 'torchvision' }
  }),
  {
    name: 'inception_v3',
    parameters: 27_161_264 - INCEPTION_AUXILIARY,
    from: 'torchvision',
    macs: 5_713,
  },
  // At the resolution of its weights; the paper's is 260, with 1.0 billion.
  {
    name: 'efficientnet_b2',
    resolution: 288,
    parameters: 9_109_994,
    from: 'torchvision',
    macs: 1_088,
  },
  {
    name: 'efficientnet_b2',
    parameters: 9_109_994,
    from: 'torchvision',
    macs: 1_000,
    macsFrom: 'the paper',
  },
  { name: 'mobilenet_v1', parameters: 4_231_976, from: 'Keras', macs: 569, macsFrom: 'slim' },
  ...(
    [
      [1.4, '6.11', 582],
      [0.75, '2.64', 209],
      [0.5, '1.97', 97],
      [0.35, '1.68', 59],
    ] as const
  ).map(([width, parameters, macs]) => {
    return { name: 'mobilenet_v2', width, parameters, from: 'timm', macs, macsFrom: 'slim' }
  }),
  {
    name: 'mobilenet_v3_large',
    width: 0.75,
    parameters: '3.99',
    from: 'timm',
    macs: 155,
    macsFrom: 'slim',
  },
  { name: 'mobilenet_v3_small', width: 0.75, parameters: '2.04', from: 'timm' },
  // https://github.com/osmr/imgclsmob, of timm's weights
  {
    name: 'mnasnet_a1',
    parameters: 3_887_038,
    from: 'imgclsmob',
    macs: 312,
    macsFrom: 'the paper',
  },
  ...(
    [
      [0.5, '2.08'],
      [0.75, '2.91'],
      [1.4, '6.11'],
    ] as const
  ).map(([width, parameters]) => ({ name: 'mnasnet_a1', width, parameters, from: 'timm' })),
  { name: 'nasnet_mobile', parameters: 5_289_978, from: 'Keras', macs: 564, macsFrom: 'the paper' },
  { name: 'xception', parameters: 22_855_952, from: 'Keras', macs: 8_400, macsFrom: 'timm' },
  {
    name: 'regnet_x_200mf',
    parameters: 2_684_792,
    from: 'imgclsmob',
    macs: 200,
    macsFrom: 'the paper',
  },
  {
    name: 'regnet_y_200mf',
    parameters: 3_162_996,
    from: 'imgclsmob',
    macs: 200,
    macsFrom: 'the paper',
  },
  { name: 'ghostnet', parameters: '5.18', from: 'timm', macs: 141, macsFrom: 'the paper' },
  {
    name: 'proxylessnas_mobile',
    parameters: 4_080_512,
    from: 'imgclsmob',
    macs: 320,
    macsFrom: 'the paper',
  },
  // The same network as timm's vit_tiny_patch16_224.
  { name: 'deit_tiny', parameters: 5_717_416, from: 'timm', macs: 1_260 },
]

function costOf({ name, width, resolution }: Pick<Published, 'name' | 'width' | 'resolution'>) {
  return networkCost(networkOf(zooRecord(name, { width, resolution })).written)
}

describe.each(PUBLISHED)('$name width $width resolution $resolution', (published) => {
  const { parameters, macs } = costOf(published)

  test('has the published parameters', () => {
    const of = published.parameters
    if (typeof of === 'number') expect(parameters).toBe(of)
    else expect((parameters / 1e6).toFixed(2)).toBe(of)
  })

  if (published.macs === undefined) return
  const expected = published.macs * 1e6
  test('has the published MACs', () => {
    // Counts in whole millions are rounded: off by up to half a million.
    expect(Math.abs(macs - expected)).toBeLessThan(Math.max(0.01 * expected, 0.5e6))
  })
})

// Million MACs at other resolutions and widths: slim, which cuts the digits after the point off.
test.each([
  ['mobilenet_v1', 192, 1, 418],
  ['mobilenet_v1', 160, 1, 291],
  ['mobilenet_v1', 128, 1, 186],
  ['mobilenet_v2', 224, 1.3, 509],
  ['mobilenet_v2', 192, 1, 221],
  ['mobilenet_v2', 160, 1, 154],
  ['mobilenet_v2', 128, 1, 99],
  ['mobilenet_v2', 96, 1, 56],
  ['mobilenet_v2', 160, 0.75, 107],
  ['mobilenet_v2', 96, 0.75, 39],
  ['mobilenet_v2', 192, 0.5, 71],
  ['mobilenet_v2', 96, 0.5, 18],
])('%s at %i pixels and width %d has %i million MACs', (name, resolution, width, macs) => {
  const counted = costOf({ name, resolution, width }).macs / 1e6
  expect(Math.abs(counted - macs)).toBeLessThan(Math.max(0.01 * macs, 1))
})

// MXNet also counts the moving statistics of batch norms:
// https://github.com/apache/mxnet/blob/1.2.1/docs/api/python/gluon/model_zoo.md
// Its ResNets v2 begin with a batch norm of the image, which has no trained parameters and is omitted
// here. MACs: timm's for the ResNets of the same depth, slim's for the MobileNets.
const OF_IMAGE = 4 * 3
test.each([
  ['resnet18_v2', 1, 11_695_796 - OF_IMAGE, 1_820],
  ['resnet34_v2', 1, 21_811_380 - OF_IMAGE, 3_670],
  ['resnet50_v2', 1, 25_595_060 - OF_IMAGE, 4_110],
  ['resnet101_v2', 1, 44_639_412 - OF_IMAGE, 7_830],
  ['mobilenet_v1', 0.25, 475_544, 41],
  ['mobilenet_v1', 0.5, 1_342_536, 149],
  ['mobilenet_v1', 0.75, 2_601_976, 325],
])('%s of width %d has %i numbers and %i million MACs', (name, width, numbers, macs) => {
  const cost = costOf({ name, width })
  expect(cost.weight_bytes / 4).toBe(numbers)
  expect(Math.abs(cost.macs / 1e6 - macs) / macs).toBeLessThan(0.01)
})

// Parameters: the tests beside the model,
// https://github.com/tensorflow/tpu/blob/master/models/official/efficientnet/lite/efficientnet_lite_builder_test.py
// MACs: its README. They also count batch norms and activations: three per element.
test.each([
  ['efficientnet_lite0', 4_652_008, 407],
  ['efficientnet_lite1', 5_416_680, 631],
  ['efficientnet_lite2', 6_092_072, 899],
  ['efficientnet_lite3', 8_197_096, 1_440],
  ['efficientnet_lite4', 13_006_568, 2_640],
])('%s has the published %i parameters and %i million MACs', (name, parameters, macs) => {
  const network = networkOf(zooRecord(name)).written
  const cost = networkCost(network)
  expect(cost.parameters).toBe(parameters)
  const counted = cost.macs + 3 * normalizedElements(network)
  expect(Math.abs(counted / 1e6 - macs) / macs).toBeLessThan(0.01)
})

function normalizedElements({ nodes }: Network): number {
  return nodes
    .filter(({ operator }) => operator.type === 'batch_norm')
    .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
}

// Parameters of torchvision's networks with `num_classes=10`.
test.each([
  ['resnet18', 10, 11_181_642],
  ['mobilenet_v2', 10, 2_236_682],
])('%s with %i classes has %i parameters', (name, num_labels, parameters) => {
  expect(networkCost(networkOf(zooRecord(name, { num_labels })).written).parameters).toBe(
    parameters,
  )
})

test('every network of the zoo has published counts', () => {
  const others = /^(resnet\d+_v2|efficientnet_lite\d)$/
  const listed = new Set(PUBLISHED.map(({ name }) => name))
  expect(ZOO_NAMES.filter((name) => !listed.has(name) && !others.test(name))).toEqual([])
})

import { RUNTIME_FUSION } from '@leti/network'
import { kernelsOf, toRecord, type KernelWork, type LetiRecord } from '@leti/records'
import { drawArchitectures, drawKernels, networkOf, ZOO_NAMES, zooRecord } from '@leti/spaces'
import { describe, expect, test } from 'vitest'
import { featurize as featurizeNetwork, type FeaturizeOptions } from './featurize.js'
import { fusionRulesOf } from './fusion-file.js'
import { DEFAULT_SETS, FEATURE_SETS } from './names.js'

const ALL = { sets: DEFAULT_SETS }

const featurize = (record: LetiRecord, options: FeaturizeOptions) =>
  featurizeNetwork(networkOf(record), options)

const CELL: LetiRecord = {
  id: 'cell',
  arch: {
    space: 'nb101',
    module_adjacency: [
      [0, 1, 1, 1],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 0],
    ],
    module_operations: ['input', 'conv3x3-bn-relu', 'maxpool3x3', 'output'],
  },
}

const sum = (kernels: readonly KernelWork[], value: (kernel: KernelWork) => number) =>
  kernels.reduce((total, kernel) => total + kernel.count * value(kernel), 0)

test.each(ZOO_NAMES)('the features and the kernels of %s agree', (name) => {
  const { features, kernels = [] } = featurize(zooRecord(name), ALL)
  expect(sum(kernels, ({ macs }) => macs)).toBe(features.macs)
  expect(Object.values(features).every(Number.isFinite)).toBe(true)
  const counted = Object.keys(features).filter((name) => /^kernel_.*_count$/.test(name))
  const count = counted.reduce((total, name) => total + features[name], 0)
  expect(sum(kernels, () => 1)).toBe(count)
  // A reader of the record takes the kernels as they are.
  expect(kernelsOf(toRecord({ id: 'n', kernels }))).toEqual(kernels)
})

describe('networks of search spaces', () => {
  const drawn = (space: 'nb201' | 'fbnet') => [...drawArchitectures(space, 3, 1)]
  const records = [CELL, ...drawn('nb201'), ...drawn('fbnet')]

  test('list their kernels on request only', () => {
    for (const record of records) {
      const { features, kernels } = featurize(record, ALL)
      expect(kernels).toBeUndefined()
      const listed = featurize(record, { ...ALL, kernels: true })
      expect(listed.features).toEqual(features)
      expect(listed.kernels?.length).toBeGreaterThan(0)
    }
  })

  test('have no features of other kernels, since each of their kinds has a name', () => {
    for (const record of records) {
      expect(featurize(record, ALL).features).not.toHaveProperty('kernel_other_count')
    }
  })

  test('of one space have the same features in the same order', () => {
    for (const space of ['nb201', 'fbnet'] as const) {
      const [first, ...others] = drawn(space).map((record) => {
        return Object.keys(featurize(record, { sets: FEATURE_SETS }).features)
      })
      for (const names of others) expect(names).toEqual(first)
    }
  })

  test('of NAS-Bench-101 have few enough features for an object to stay fast', () => {
    expect(Object.keys(featurize(CELL, ALL).features).length).toBeLessThanOrEqual(127)
  })
})

describe('an NAS-Bench-201 cell with a dead branch', () => {
  // The 3x3 convolution on the edge 0-1 leads nowhere: 1-2 and 1-3 are `none`. The other two
  // convolutions run one after another, past a skip. There are 15 cells, 5 at each of 32x32x16,
  // 16x16x32 and 8x8x64; a 3x3 convolution has 32*32*9*16*16 = 2359296 MACs in each, a 1x1 convolution
  // 262144. Around the cells stand the stem, 3x3, with 32*32*27*16 = 442368 MACs; two reductions of a
  // 3x3 at stride 2 (1179648), a 3x3 (2359296), a pool, a 1x1 (131072) and a sum; and the dense layer.
  const arch_str = '|nor_conv_3x3~0|+|nor_conv_3x3~0|none~1|+|skip_connect~0|none~1|nor_conv_1x1~2|'
  const skeleton = 442368 + 2 * (1179648 + 2359296 + 131072) + 640
  const { features } = featurize(
    { id: 'cell', arch: { space: 'nb201', arch_str } },
    { sets: FEATURE_SETS },
  )

  test('has all of its kernels in the graph as written', () => {
    expect(features).toMatchObject({
      macs: skeleton + 15 * (2 * 2359296 + 262144),
      operator_conv2d_count: 3 * 15 + 1 + 6,
      operator_zeros_count: 2 * 15,
      kernel_conv2d_3x3_count: 2 * 15 + 1 + 4,
      kernel_conv2d_1x1_count: 15 + 2,
      kernel_zeros_count: 2 * 15,
      kernel_add_count: 2 * 15 + 2,
    })
  })

  test('loses the dead branch when the graph is pruned, and keeps the zeros and their sums', () => {
    expect(features).toMatchObject({
      pruned_macs: skeleton + 15 * (2359296 + 262144),
      pruned_conv2d_3x3_count: 15 + 1 + 4,
      pruned_conv2d_1x1_count: 15 + 2,
      pruned_zeros_count: 2 * 15,
      pruned_add_count: 2 * 15 + 2,
    })
  })

  test('loses the zeros too in the graph that is executed', () => {
    // The node 2 is a sum of one term then, and so no sum; 3 is one of the skip and the convolution.
    expect(features).toMatchObject({
      executed_macs: skeleton + 15 * (2359296 + 262144),
      executed_conv2d_3x3_count: 15 + 1 + 4,
      executed_conv2d_1x1_count: 15 + 2,
      executed_zeros_count: 0,
      executed_add_count: 15 + 2,
    })
  })

  test('has a path through both convolutions, in the graph that is executed', () => {
    // Beside it are the shortcuts of the reductions: a pool and a 1x1 convolution each.
    expect(features).toMatchObject({
      path_macs: skeleton - 2 * 131072 + 15 * (2359296 + 262144),
      path_conv2d_3x3_count: 15 + 1 + 4,
      path_conv2d_1x1_count: 15,
      path_add_count: 15 + 2,
    })
    expect(features.path_width).toBeGreaterThan(1)
  })

  test('has no siblings: the convolution beside the other one is not executed', () => {
    expect(features).toMatchObject({ sibling_window_count: 0, sibling_pointwise_count: 0 })
  })
})

test('two convolutions of a cell that read its input are siblings', () => {
  const arch_str =
    '|nor_conv_3x3~0|+|nor_conv_3x3~0|none~1|+|skip_connect~0|skip_connect~1|nor_conv_1x1~2|'
  const record = { id: 'cell', arch: { space: 'nb201', arch_str } }
  expect(featurize(record, { sets: ['siblings'] }).features).toEqual({
    sibling_pointwise_count: 0,
    // One of the two in each of the 15 cells.
    sibling_window_count: 15,
    sibling_pool_count: 0,
  })
})

test('a network whose output is constant executes nothing', () => {
  const arch_str = '|none~0|+|none~0|none~1|+|none~0|none~1|none~2|'
  const record = { id: 'cell', arch: { space: 'nb201', arch_str } }
  const sets = ['executed', 'path', 'siblings'] as const
  const { features, kernels } = featurize(record, { sets, kernels: true })
  expect(Object.keys(features).length).toBeGreaterThan(0)
  expect(Object.values(features).every((value) => value === 0)).toBe(true)
  expect(kernels).toEqual([])
})

test('the stages of an FBNet add up to the whole network', () => {
  const arch = { space: 'fbnet', ops: new Array<string>(22).fill('k3_e6') }
  const { features } = featurize({ id: 'net', arch }, { sets: ['kernels', 'stages'] })
  const names = Object.keys(features).filter((name) => /^stage\d+_conv2d_1x1_count$/.test(name))
  const total = names.reduce((count, name) => count + features[name], 0)
  // Two in each block, and the head. They start at half of the image's resolution: stage 1.
  expect(total).toBe(2 * 22 + 1)
  expect(features).toMatchObject({ kernel_conv2d_1x1_count: total, stage0_conv2d_1x1_count: 0 })
})

test('the graph is no default: only networks that read graphs want it', () => {
  const defaults = new Set<string>(DEFAULT_SETS)
  expect(FEATURE_SETS.filter((set) => !defaults.has(set))).toEqual(['graph'])
})

test('equal kernels are counted', () => {
  const [, deep] = [...drawKernels(2, 1)]
  const [relu] = featurize(deep, ALL).kernels ?? []
  expect(relu).toMatchObject({ type: 'relu', count: deep.arch?.repeats, macs: 0 })
})

test('an operator that the runtime fuses is not a kernel of its own', () => {
  const count = (options: object) =>
    sum(featurize(zooRecord('resnet18'), { ...ALL, ...options }).kernels ?? [], () => 1)
  // ResNet-18 adds eight times, and a ReLU follows each time. Three of the shortcuts are convolutions:
  // they have not run yet when the convolution begins into which the sum would be fused.
  expect(count({}) - count({ fusion: RUNTIME_FUSION['tflite-gpu'] })).toBe(8 + 5)
  expect(count({}) - count({ fusion: RUNTIME_FUSION.tfjs })).toBe(0)
  const pairs = [
    { first: 'add', second: 'relu', fused: true },
    { first: 'conv2d', second: 'relu', fused: false },
  ]
  const fusion = fusionRulesOf({ format: 'leti-fusion', version: 1, pairs })
  const { kernels = [] } = featurize(zooRecord('resnet18'), { ...ALL, fusion })
  const fused = kernels.filter((kernel) => kernel.fused)
  expect(new Set(fused.map(({ type }) => type))).toEqual(new Set(['add']))
})

test('a pair without a verdict is fused where every converter fuses it', () => {
  const undecided = { first: 'conv2d', second: 'relu', fused: null }
  for (const pairs of [[undecided], []]) {
    const fusion = fusionRulesOf({ format: 'leti-fusion', version: 1, pairs })
    const record = zooRecord('resnet18')
    expect(featurize(record, { ...ALL, fusion })).toEqual(featurize(record, ALL))
  }
})

test.each([
  [null],
  [{ format: 'leti-fusion', version: 2, pairs: [] }],
  [{ format: 'leti-fusion', version: 1 }],
  [{ format: 'leti-fusion', version: 1, pairs: [{ first: 'add' }] }],
  [{ format: 'leti-fusion', version: 1, pairs: [null] }],
])('a damaged file of fusion rules is refused: %j', (value) => {
  expect(() => fusionRulesOf(value)).toThrow(expect.objectContaining({ code: 'usage' }) as Error)
})

import { RUNTIME_FUSION } from '@leti/network'
import { kernelsOf, toRecord, type KernelWork, type LetiRecord } from '@leti/records'
import { drawArchitectures, drawKernels, ZOO_NAMES, zooRecord } from '@leti/spaces'
import { expect, test } from 'vitest'
import { DEFAULT_SETS, featurizeArch as featurize } from './featurize.js'
import { fusionRulesOf } from './fusion-file.js'

const ALL = { sets: DEFAULT_SETS }

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

test.each(ZOO_NAMES)('%s has features and kernels, which agree', (name) => {
  const { features, kernels = [] } = featurize(zooRecord(name), ALL)
  expect(sum(kernels, ({ macs }) => macs)).toBe(features.macs)
  expect(Object.values(features).every(Number.isFinite)).toBe(true)
  const counted = Object.keys(features).filter((name) => /^kernel_.*_count$/.test(name))
  const count = counted.reduce((total, name) => total + features[name], 0)
  expect(sum(kernels, () => 1)).toBe(count)
  // What is written is read again.
  expect(kernelsOf(toRecord({ id: 'n', kernels }))).toEqual(kernels)
})

test('networks of search spaces have the features that they had, and kernels on request', () => {
  const cells = [CELL, ...drawArchitectures('nb201', 3, 1), ...drawArchitectures('fbnet', 3, 1)]
  for (const record of cells) {
    const { features, kernels } = featurize(record, ALL)
    expect(kernels).toBeUndefined()
    expect(features).not.toHaveProperty('kernel_other_count')
    const listed = featurize(record, { ...ALL, kernels: true })
    expect(listed.features).toEqual(features)
    expect(listed.kernels?.length).toBeGreaterThan(0)
  }
  // JavaScript objects of more members are slow.
  expect(Object.keys(featurize(CELL, { sets: DEFAULT_SETS }).features).length).toBeLessThanOrEqual(
    127,
  )
})

test('equal kernels are counted', () => {
  const [, deep] = [...drawKernels(2, 1)]
  const [relu] = featurize(deep, ALL).kernels ?? []
  expect(relu).toMatchObject({ type: 'relu', count: deep.arch?.repeats, macs: 0 })
})

test('what the runtime fuses is no kernel of its own', () => {
  const count = (options: object) =>
    sum(featurize(zooRecord('resnet18'), { ...ALL, ...options }).kernels ?? [], () => 1)
  // ResNet-18 adds eight times, and a ReLU follows each time; three of the shortcuts are convolutions,
  // which are not there yet when the convolution begins into which the sum would be fused.
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

test('a pair that was not decided is fused where every converter does that', () => {
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
])('a file of fusion rules that is none is refused: %j', (value) => {
  expect(() => fusionRulesOf(value)).toThrow(expect.objectContaining({ code: 'usage' }) as Error)
})

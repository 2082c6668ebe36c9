import { describe, expect, test } from 'vitest'
import { networkOf } from './registry.js'

const CELL = {
  space: 'nb101',
  module_adjacency: [
    [0, 1, 1, 0],
    [0, 0, 0, 1],
    [0, 0, 0, 1],
    [0, 0, 0, 0],
  ],
  module_operations: ['input', 'conv3x3-bn-relu', 'maxpool3x3', 'output'],
}
const ARCH_STR = '|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|'
const OPS = Array<string>(22).fill('k3_e1')

const refusalOf = (arch: object) => () =>
  networkOf({ id: 'n', arch: arch as { readonly space: string } })
const refused = (message: string) =>
  expect.objectContaining({
    code: 'bad-arch',
    message: expect.stringContaining(message) as string,
  }) as Error

describe('a member of an architecture that nothing reads is refused by its name', () => {
  test.each([
    ['widht', { space: 'zoo', name: 'mobilenet_v2', widht: 0.5 }],
    ['num_labels', { ...CELL, num_labels: 100 }],
    ['depth', { space: 'fbnet', ops: OPS, depth: 2 }],
    ['resolution', { space: 'nb201', arch_str: ARCH_STR, resolution: 16 }],
    ['resolution', { space: 'ncnn', name: 'resnet18', resolution: 128 }],
    ['repeat', { space: 'kernel', nodes: [], repeats: 1, repeat: 2 }],
  ])('%s', (name, arch) => {
    expect(refusalOf(arch)).toThrow(refused(`unknown member "${name}" of "arch"`))
  })

  test.each([
    ['num_classes', { ...CELL, config: { num_classes: 100 } }],
    ['dataset', { space: 'nb201', arch_str: ARCH_STR, config: { dataset: 'cifar100' } }],
    ['batch', { space: 'nb201', arch_str: ARCH_STR, config: { batch: 8 } }],
  ])('%s of the configuration', (name, arch) => {
    expect(refusalOf(arch)).toThrow(refused(`unknown config member "${name}"`))
  })
})

describe('a batch', () => {
  const archs = [
    CELL,
    { space: 'nb201', arch_str: ARCH_STR },
    { space: 'fbnet', ops: OPS },
    { space: 'zoo', name: 'squeezenet1_1' },
    { space: 'ncnn', name: 'squeezenet' },
    {
      space: 'kernel',
      nodes: [
        { type: 'input', shape: [4] },
        { type: 'relu', inputs: [0] },
      ],
      repeats: 1,
    },
  ]

  test.each(archs)('of 1 is that of every network: $space', (arch) => {
    const { written } = networkOf({ id: 'n', arch })
    expect(networkOf({ id: 'n', arch: { ...arch, batch: 1 } }).written).toEqual(written)
  })

  test.each(archs)('of 8 is refused: $space', (arch) => {
    expect(refusalOf({ ...arch, batch: 8 })).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: '"batch" is 8: LETI builds, measures and predicts networks at batch 1 only',
      }) as Error,
    )
  })

  test.each([0, -1, 1.5, '8', null])('of %j is no batch', (batch) => {
    expect(refusalOf({ ...CELL, batch })).toThrow(refused('"batch" must be'))
  })
})

// Each of these once ran until the memory was full, or gave features that are null.
describe('an architecture that is too large is refused', () => {
  const nb101 = (config: object) => ({ ...CELL, config })
  const nb201 = (config: object) => ({ space: 'nb201', arch_str: ARCH_STR, config })

  test.each([
    ['modules', nb101({ num_stacks: 1e5, num_modules_per_stack: 1e5 }), 'is 10000000000'],
    ['stacks', nb101({ num_stacks: 900, num_modules_per_stack: 1 }), 'too large'],
    ['a stem of 1e300', nb101({ stem_filter_size: 1e300 }), 'config.stem_filter_size must be'],
    ['an endless stem', nb101({ stem_filter_size: Infinity }), 'config.stem_filter_size must be'],
    ['MACs', nb101({ stem_filter_size: 2 ** 24, input_shape: [1e4, 1e4, 3] }), 'too large'],
    ['elements', nb101({ input_shape: [2 ** 24, 2 ** 24, 2 ** 24] }), 'too large'],
    ['an image', nb201({ input_shape: [1e9, 32, 3] }), 'config.input_shape must be'],
    ['bytes', nb201({ input_shape: [2 ** 24, 2 ** 24, 3] }), 'too large'],
    ['classes', nb201({ num_labels: 1e12 }), 'config.num_labels must be'],
    ['FBNet', { space: 'fbnet', ops: OPS, resolution: 1e9 }, '"resolution" must be'],
    ['FBNet classes', { space: 'fbnet', ops: OPS, num_labels: 1e300 }, '"num_labels" must be'],
    ['the zoo', { space: 'zoo', name: 'vgg16', resolution: 1e6 }, 'no resolution 1000000'],
    [
      'a kernel',
      {
        space: 'kernel',
        nodes: [
          { type: 'input', shape: [2 ** 24, 2 ** 24, 2 ** 24] },
          { type: 'relu', inputs: [0] },
        ],
        repeats: 1,
      },
      'too large',
    ],
  ])('%s', (_what, arch, message) => {
    expect(refusalOf(arch)).toThrow(refused(message))
  })

  test('vertices: a cell of many', () => {
    const size = 600
    const module_adjacency = Array.from({ length: size }, (_, from) =>
      Array.from({ length: size }, (_, to) => (to > from ? 1 : 0)),
    )
    const module_operations = Array<string>(size).fill('conv3x3-bn-relu')
    const arch = { space: 'nb101', module_adjacency, module_operations }
    expect(refusalOf({ ...arch, config: { stem_filter_size: 1024 } })).toThrow(
      refused('more than 262144 operators'),
    )
  })
})

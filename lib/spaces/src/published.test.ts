import { withPublished, type Arch } from '@leti/records'
import { expect, test } from 'vitest'
import { networkOf, SPACES } from './registry.js'
import { ZOO_NAMES } from './zoo/index.js'

const CELL = {
  module_adjacency: [
    [0, 1],
    [0, 0],
  ],
  module_operations: ['input', 'output'],
}
const ARCH_STR = '|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|'

const SHORT: readonly Arch[] = [
  { space: 'nb101', ...CELL },
  { space: 'nb101', ...CELL, config: { num_labels: 100 } },
  { space: 'nb201', arch_str: ARCH_STR },
  { space: 'fbnet', ops: Array<string>(22).fill('skip') },
  { space: 'ncnn', name: 'resnet18' },
  ...ZOO_NAMES.map((name) => ({ space: 'zoo', name })),
]

test.each(SHORT)('the settings that predictors fill in build the same network: %j', (arch) => {
  const parse = (each: Arch) => SPACES[arch.space].parse(each)
  expect(parse(withPublished(arch))).toEqual(parse(arch))
  expect(() => networkOf({ id: 'n', arch: withPublished(arch) })).not.toThrow()
})

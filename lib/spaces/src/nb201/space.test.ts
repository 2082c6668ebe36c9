import { networkCost } from '@leti/network'
import { describe, expect, test } from 'vitest'
import { networkOf } from '../registry.js'
import { choiceRecord, type Choices } from '../space.js'
import { nb201 } from './index.js'

const record = (arch_str: string) => ({ id: 'n', arch: { space: 'nb201', arch_str } })

const uniform = (operation: string) =>
  `|${operation}~0|+|${operation}~0|${operation}~1|+|${operation}~0|${operation}~1|${operation}~2|`

/** The cell of the NAS-Bench-201 README's example. */
const EXAMPLE =
  '|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|'

// Parameters and FLOPs on CIFAR-10 as the NAS-Bench-201 and NATS-Bench APIs give them (in millions, to
// six and five digits); the smallest and the largest are the published range of the space. Their FLOPs
// are multiply-accumulates and count the 10 biases of the dense layer.
test.each([
  ['skip_connect', uniform('skip_connect'), 0.073306, 7.78305],
  ['nor_conv_3x3', uniform('nor_conv_3x3'), 1.531546, 220.11969],
])('%s has its published parameters and MACs', (_, arch, parameters, flops) => {
  const cost = networkCost(networkOf(record(arch)).written)
  expect(cost.parameters / 1e6).toBe(parameters)
  expect((cost.macs + 10) / 1e6).toBe(flops)
})

// The published parameters and FLOPs of one cell on the data sets of the benchmark.
test.each([
  [{ num_labels: 100 }, 322_196, 43_178_240],
  [{ input_shape: [16, 16, 3], num_labels: 120 }, 323_496, 10_800_640],
])('a cell in the configuration %j has its published cost', (config, parameters, macs) => {
  const arch_str = '|nor_conv_3x3~0|+|skip_connect~0|skip_connect~1|+|none~0|skip_connect~1|none~2|'
  const arch = { space: 'nb201', arch_str, config }
  expect(networkCost(networkOf({ id: 'n', arch }).written)).toMatchObject({ parameters, macs })
})

test('the name of a data set is refused with its configuration', () => {
  const arch_str = uniform('skip_connect')
  const named = { space: 'nb201', arch_str, config: 'ImageNet16-120' }
  expect(() => nb201.parse(named)).toThrow(
    '"config" must be an object; that of ImageNet16-120 is {"input_shape":[16,16,3],"num_labels":120}',
  )
  expect(() => nb201.parse({ ...named, config: 'svhn' })).toThrow(
    '"config" must be an object with members of: input_shape, num_labels',
  )
})

describe('the executed network', () => {
  const macs = (arch: string) => networkCost(networkOf(record(arch)).executed).macs

  test('lacks operators that do not depend on the input or do not reach the output', () => {
    const alone = '|nor_conv_3x3~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|nor_conv_3x3~2|'
    const bare = '|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|'
    expect(macs(alone)).toBe(macs(bare))
    const nodes = (arch: string) => networkOf(record(arch)).executed.nodes
    expect(nodes(alone)).toHaveLength(nodes(bare).length)
  })

  test('has no operator for a sum of one term', () => {
    const types = networkOf(
      record('|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|'),
    ).executed.nodes.map(({ operator }) => operator.type)
    // The two residual blocks alone add.
    expect(types.filter((type) => type === 'add')).toHaveLength(2)
    expect(types).not.toContain('zeros')
  })

  test('has no nodes if the output does not depend on the input', () => {
    const { executed } = networkOf(record(uniform('none')))
    expect(executed).toMatchObject({ nodes: [], outputs: [] })
  })
})

test.each([
  [undefined, 'arch_str'],
  ['', 'not a node'],
  ['|none~0|', 'three nodes'],
  [uniform('conv_7x7'), 'unknown operation "conv_7x7"'],
  [EXAMPLE.replace('~2', '~1'), 'expected "skip_connect~2"'],
  [EXAMPLE.repeat(1000), 'not a node'],
])('%s is refused', (arch_str, message) => {
  expect(() => nb201.parse({ space: 'nb201', arch_str })).toThrow(
    expect.objectContaining({
      code: 'bad-arch',
      message: expect.stringContaining(message) as string,
    }) as Error,
  )
})

test('an architecture is its list of choices', () => {
  const record = choiceRecord(nb201, nb201.choices as Choices<unknown>, [3, 3, 4, 1, 3, 1])
  expect(record).toEqual({ id: 'nb201-334131', arch: { space: 'nb201', arch_str: EXAMPLE } })
})

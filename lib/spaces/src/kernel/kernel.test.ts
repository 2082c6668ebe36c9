import { fuse, networkCost } from '@leti/network'
import type { LetiRecord } from '@leti/records'
import { describe, expect, it } from 'vitest'
import { networkOf } from '../registry.js'
import { ZOO_NAMES, zoo, zooRecord } from '../zoo/index.js'
import { drawKernels } from './draw.js'
import { kernelNetwork } from './network.js'
import { operatorPair, zooPairs, type OperatorPair } from './pairs.js'
import { kernelAlone, kernelRecord } from './record.js'

const idsOf = (records: Iterable<LetiRecord>): string[] => [...records].map(({ id }) => id)

const baseOf = (id: string): string => id.replace(/-x\d+$/, '')

describe('drawKernels', () => {
  it('draws the same records for the same seed, and a longer draw begins with them', () => {
    const once = idsOf(drawKernels(60, 1))
    expect(new Set(once).size).toBe(60)
    expect(idsOf(drawKernels(20, 1))).toEqual(once.slice(0, 20))
    expect(idsOf(drawKernels(60, 2))).not.toEqual(once)
  })

  it('draws kernels that can be built, each with two numbers of repeats if there is room', () => {
    const [, , ...records] = drawKernels(200, 3)
    const depths = new Map<string, unknown[]>()
    for (const record of records) {
      expect(networkOf(record).written.name).toBe(record.id)
      const base = baseOf(record.id)
      depths.set(base, [...(depths.get(base) ?? []), record.arch?.repeats])
    }
    // The count may cut off the second network of the last kernel.
    const whole = [...depths].slice(0, -1)
    const alone = whole.filter(([, repeats]) => repeats.length === 1)
    expect(alone.length).toBeLessThan(0.05 * whole.length)
    for (const [base, [shallow, deep]] of whole) {
      if (deep === undefined) expect(base).toContain('dense')
      else expect(deep).toBe(2 * (shallow as number))
    }
  })

  it('draws kernels of higher worth more often', () => {
    const isConv = ({ id }: LetiRecord): boolean => id.startsWith('kernel-conv2d')
    const share = (records: LetiRecord[]): number => records.filter(isConv).length / records.length
    const plain = share([...drawKernels(100, 1)])
    expect(share([...drawKernels(100, 1, (record) => (isConv(record) ? 9 : 1))])).toBeGreaterThan(
      1.5 * plain,
    )
  })
})

describe('a kernel of a network', () => {
  it.each(['resnet18', 'shufflenet_v2', 'mobilenet_v3_small', 'regnet_y_200mf', 'deit_tiny'])(
    'costs alone what it costs in the network: %s',
    (name) => {
      expect(ZOO_NAMES).toContain(name)
      const { id } = zooRecord(name)
      const kernels = fuse(zoo.toNetwork(zoo.parse({ space: 'zoo', name }), id))
      for (const kernel of kernels) {
        if (kernel.operator.type === 'input' || kernel.operator.type === 'constant') continue
        const nodes = kernelAlone(kernel, kernels)
        const [alone] = fuse(kernelNetwork({ nodes, repeats: 1 }, 'kernel')).slice(-2)
        expect(alone).toMatchObject({
          operator: { type: kernel.operator.type },
          shape: kernel.shape,
          activation: kernel.activation,
          macs: kernel.macs,
          output_bytes: kernel.output_bytes,
          weight_bytes: kernel.weight_bytes,
        })
      }
    },
  )

  it('has weights of its own in each repeat', () => {
    const nodes = [
      { operator: { type: 'input', shape: [4, 4, 8] }, inputs: [] },
      { operator: { type: 'dense', units: 16, bias: true }, inputs: [0] },
    ] as const
    const cost = (repeats: number) => networkCost(networkOf(kernelRecord(nodes, repeats)).written)
    expect(cost(5).macs).toBe(5 * cost(1).macs)
    expect(cost(5).parameters).toBe(5 * (8 * 16 + 16))
    // The output has one element of each result.
    const { nodes: built, outputs } = networkOf(kernelRecord(nodes, 5)).written
    expect(built[outputs[0]].shape).toEqual([1, 1, 5])
  })

  it('keeps a corner of images by a pool, which copies no image; others are sliced', () => {
    const relu = (shape: readonly number[]) =>
      [
        { operator: { type: 'input', shape }, inputs: [] },
        { operator: { type: 'relu' }, inputs: [0] },
      ] as const
    const kept = (shape: readonly number[], keep?: 'corner') => {
      const { nodes: built, outputs } = networkOf(kernelRecord(relu(shape), 3, keep)).written
      const types = new Set(built.map(({ operator }) => operator.type))
      return { shape: built[outputs[0]].shape, pools: types.has('max_pool') }
    }
    expect(kept([14, 7, 8], 'corner')).toEqual({ shape: [1, 1, 24], pools: true })
    expect(kept([1, 7, 8], 'corner')).toEqual({ shape: [1, 1, 3], pools: false })
    expect(kept([64], 'corner')).toEqual({ shape: [3], pools: false })
    // Records that were measured before are the same networks.
    expect(kept([14, 7, 8])).toEqual({ shape: [1, 1, 3], pools: false })
    const ids = [undefined, 'corner' as const].map(
      (keep) => kernelRecord(relu([4, 4, 8]), 3, keep).id,
    )
    expect(new Set(ids).size).toBe(2)
    const { arch } = kernelRecord(relu([4, 4, 8]), 3)
    expect(() => networkOf({ id: 'x', arch: { ...arch, space: 'kernel', keep: 'edge' } })).toThrow(
      '"keep"',
    )
  })
})

describe('pairs of operators', () => {
  it('come from adjacent operators of popular networks', () => {
    const names = zooPairs().map(({ first, second }) => `${first}+${second}`)
    const popular = [
      'conv2d+relu',
      'conv2d+add',
      'add+relu',
      'depthwise_conv2d+relu6',
      'dense+gelu',
    ]
    expect(names).toEqual(expect.arrayContaining(popular))
  })

  it.each([
    'conv2d',
    'transpose_conv2d',
    'dense',
    'concat',
    'mean',
    'transpose',
    'softmax',
    'relu',
  ])('the kernel of %s and another operator does the work of both', (first) => {
    const macsOf = (nodes: Parameters<typeof kernelRecord>[0]) =>
      networkCost(networkOf(kernelRecord(nodes, 2)).written).macs
    for (const second of ['relu', 'add']) {
      const { nodes } = operatorPair(first, second) as OperatorPair
      expect(macsOf(nodes.both)).toBe(macsOf(nodes.first) + macsOf(nodes.second))
      const [read] = nodes.second
      const { nodes: built } = networkOf(kernelRecord(nodes.first, 1)).written
      expect(read.operator).toMatchObject({ shape: built[nodes.first.length - 2].shape })
    }
  })

  it('exist only for operators that a runtime may fuse', () => {
    expect(operatorPair('relu', 'conv2d')).toBeUndefined()
    expect(operatorPair('fft', 'relu')).toBeUndefined()
  })
})

describe('an invalid record', () => {
  const relu = { type: 'relu', inputs: [0] }
  const input = { type: 'input', shape: [4, 4, 8] }
  const window = { size: [3, 3], strides: [1, 1], padding: 'same' }
  const conv = { type: 'conv2d', filters: 4, window, bias: true, inputs: [0] }

  it.each<[string, unknown]>([
    ['no nodes', undefined],
    ['nodes of another type', 'relu'],
    ['an empty list', []],
    ['too many', Array.from({ length: 1000 }, () => input)],
    ['no input', [{ type: 'constant', shape: [1] }, relu]],
    ['no operator', [input]],
    ['an unknown operator', [input, { type: 'fft', inputs: [0] }]],
    ['a property of all objects', [input, { type: 'constructor', inputs: [0] }]],
    ['an unknown member', [input, { ...relu, alpha: 1 }]],
    ['a missing member', [input, { ...conv, filters: undefined }]],
    ['a window of one size', [input, { ...conv, window: { ...window, size: [3] } }]],
    ['an unknown padding', [input, { ...conv, window: { ...window, padding: 'SAME' } }]],
    ['a stride of 0', [input, { ...conv, window: { ...window, strides: [0, 1] } }]],
    ['groups that do not divide', [input, { ...conv, groups: 3 }]],
    ['a later node as input', [input, { type: 'relu', inputs: [1] }]],
    ['an input that is not a number', [input, { type: 'relu', inputs: ['0'] }]],
    ['too few inputs', [input, { type: 'mul', inputs: [0] }]],
    [
      'shapes that do not match',
      [input, { type: 'input', shape: [3] }, { type: 'add', inputs: [0, 1] }],
    ],
    ['negative sizes', [{ type: 'input', shape: [-4] }, relu]],
    ['sizes that are not numbers', [{ type: 'input', shape: ['4'] }, relu]],
    ['more than a memory holds', [{ type: 'input', shape: [16777216, 16777216] }, relu]],
    [
      'weights of terabytes',
      [
        input,
        { type: 'dense', units: 16777216, bias: true, inputs: [0] },
        { type: 'dense', units: 16777216, bias: true, inputs: [1] },
      ],
    ],
    [
      'a result of terabytes',
      [
        input,
        {
          type: 'pad',
          paddings: [
            [9999999, 0],
            [9999999, 0],
            [0, 0],
          ],
          inputs: [0],
        },
      ],
    ],
  ])('is refused: %s', (_, nodes) => {
    const record = { id: 'k', arch: { space: 'kernel', nodes, repeats: 2 } }
    expect(() => networkOf(record)).toThrow(expect.objectContaining({ code: 'bad-arch' }) as Error)
  })

  it('gives a function of positive numbers positive numbers, made once', () => {
    const rsqrt = { type: 'rsqrt', inputs: [0] }
    const arch = {
      space: 'kernel',
      nodes: [{ type: 'input', shape: [4, 4, 2] }, rsqrt],
      repeats: 3,
    }
    const { nodes } = networkOf({ id: 'k', arch }).written
    const read = nodes
      .filter(({ operator }) => operator.type === 'rsqrt')
      .map(({ inputs }) => inputs[0])
    expect(read).toHaveLength(3)
    expect(new Set(read.map((node) => nodes[node].operator.type))).toEqual(new Set(['sigmoid']))
    expect(nodes.filter(({ operator }) => operator.type === 'sigmoid')).toHaveLength(1)
  })

  it.each([0, -1, 1.5, 1e9, '2', undefined])('is refused: repeats of %s', (repeats) => {
    const record = { id: 'k', arch: { space: 'kernel', nodes: [input, relu], repeats } }
    expect(() => networkOf(record)).toThrow(expect.objectContaining({ code: 'bad-arch' }) as Error)
  })
})

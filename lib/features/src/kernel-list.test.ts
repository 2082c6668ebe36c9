import { fuse, Layers, RUNTIME_FUSION } from '@leti/network'
import { toRecord } from '@leti/records'
import { expect, test } from 'vitest'
import { kernelList } from './kernel-list.js'
import { smallNetwork, windowOf } from './small-network.fixture.js'

test('lists the kernels that do work, in their order, with all that shapes their time', () => {
  expect(kernelList(fuse(smallNetwork()))).toEqual([
    {
      type: 'conv2d',
      count: 1,
      input_shapes: [[8, 8, 4]],
      output_shape: [8, 8, 8],
      window: [3, 3],
      strides: [1, 1],
      fused: ['relu'],
      macs: 512 * 36,
      input_bytes: 1024,
      output_bytes: 2048,
      weight_bytes: 4 * (288 + 8),
    },
    {
      type: 'conv2d',
      count: 1,
      input_shapes: [[8, 8, 8]],
      output_shape: [8, 8, 8],
      window: [1, 1],
      strides: [1, 1],
      groups: 2,
      macs: 512 * 4,
      input_bytes: 2048,
      output_bytes: 2048,
      weight_bytes: 4 * (32 + 8),
    },
    {
      type: 'depthwise_conv2d',
      count: 1,
      input_shapes: [[8, 8, 8]],
      output_shape: [4, 4, 8],
      window: [3, 3],
      strides: [2, 2],
      macs: 128 * 9,
      input_bytes: 2048,
      output_bytes: 512,
      weight_bytes: 4 * (72 + 8),
    },
    {
      type: 'max_pool',
      count: 1,
      input_shapes: [[8, 8, 8]],
      output_shape: [4, 4, 8],
      window: [2, 2],
      strides: [2, 2],
      ...{ macs: 0, input_bytes: 2048, output_bytes: 512, weight_bytes: 0 },
    },
    {
      type: 'add',
      count: 1,
      input_shapes: [
        [4, 4, 8],
        [4, 4, 8],
      ],
      output_shape: [4, 4, 8],
      ...{ macs: 0, input_bytes: 1024, output_bytes: 512, weight_bytes: 0 },
    },
    {
      type: 'relu',
      count: 1,
      input_shapes: [[4, 4, 8]],
      output_shape: [4, 4, 8],
      ...{ macs: 0, input_bytes: 512, output_bytes: 512, weight_bytes: 0 },
    },
    {
      type: 'concat',
      count: 1,
      input_shapes: [
        [4, 4, 8],
        [4, 4, 8],
      ],
      output_shape: [4, 4, 16],
      ...{ macs: 0, input_bytes: 1024, output_bytes: 1024, weight_bytes: 0 },
    },
    {
      type: 'global_avg_pool',
      count: 1,
      input_shapes: [[4, 4, 16]],
      output_shape: [16],
      ...{ macs: 0, input_bytes: 1024, output_bytes: 64, weight_bytes: 0 },
    },
    {
      type: 'dense',
      count: 1,
      input_shapes: [[16]],
      output_shape: [10],
      ...{ macs: 160, input_bytes: 64, output_bytes: 40, weight_bytes: 4 * 170 },
    },
  ])
})

test('lists equal kernels once, with their count, where the first of them stands', () => {
  const net = new Layers()
  const image = net.input(4, 4, 2)
  const first = net.convBn(image, 2, { size: 3, act: 'relu' })
  const pool = net.maxPool(first, { size: 3 })
  const second = net.convBn(pool, 2, { size: 3, act: 'relu' })
  const dilated = { ...windowOf(3, 3), dilations: [2, 2] } as const
  const conv = { type: 'conv2d', filters: 2, window: dilated, bias: false } as const
  const kernels = kernelList(fuse(net.build('n', net.op(conv, second))))
  expect(kernels).toMatchObject([
    { type: 'conv2d', count: 2, fused: ['relu'] },
    { type: 'max_pool', count: 1 },
    { type: 'conv2d', count: 1, dilations: [2, 2] },
  ])
})

test('an operator that the runtime fuses is listed within the kernel before it', () => {
  // TFLite's GPU delegate fuses elementwise operators: the ReLU joins the sum. The sum joins no
  // kernel: its first input is c, and d, its other input, is not there yet when c begins.
  const kernels = kernelList(fuse(smallNetwork(), RUNTIME_FUSION['tflite-gpu']))
  expect(kernels.map(({ type, fused = [] }) => [type, ...fused].join(' '))).toEqual([
    'conv2d relu',
    'conv2d',
    'depthwise_conv2d',
    'max_pool',
    'add relu',
    'concat',
    'global_avg_pool',
    'dense',
  ])
})

test('leaves out inputs and kernels without elements, which a record cannot hold', () => {
  const kernels = fuse(smallNetwork())
  const sum = kernels.findIndex(({ operator }) => operator.type === 'add')
  const changed = kernels.map((kernel, index) => {
    const empty = kernels[sum].inputs[0]
    return index === empty ? { ...kernel, shape: [0, 4, 8] } : kernel
  })
  const list = kernelList(changed)
  expect(list).toHaveLength(kernelList(kernels).length - 1)
  expect(list.find(({ type }) => type === 'add')?.input_shapes).toEqual([[4, 4, 8]])
  const record = { id: 'n', kernels: list }
  expect(toRecord(record)).toBe(record)
})

import { fuse, NetworkBuilder } from '@leti/network'
import { expect, test } from 'vitest'
import { siblingFeatures } from './siblings.js'
import { windowOf } from './small-network.fixture.js'

/** Builds on an image of 8x8x4, and gives the features of all that was built. */
function siblings(build: (net: NetworkBuilder, image: number) => number[]) {
  const net = new NetworkBuilder()
  const image = net.add('image', { type: 'input', shape: [8, 8, 4] })
  return siblingFeatures(fuse(net.build('n', ...build(net, image))))
}

const conv = (size: number, filters = 4, stride = 1) =>
  ({ type: 'conv2d', filters, window: windowOf(size, size, stride), bias: false }) as const
const pool = (type: 'max_pool' | 'avg_pool', size: number) =>
  ({ type, window: windowOf(size, size) }) as const
const depthwise = { type: 'depthwise_conv2d', window: windowOf(3, 3), bias: false } as const

test('all kernels of a kind count but the first that reads a tensor', () => {
  const features = siblings((net, image) =>
    [
      ...Array.from({ length: 4 }, () => conv(1)),
      ...Array.from({ length: 3 }, () => conv(3)),
      ...Array.from({ length: 2 }, () => pool('avg_pool', 3)),
    ].map((operator, index) => net.add(`${index}`, operator, image)),
  )
  expect(features).toEqual({
    sibling_pointwise_count: 3,
    sibling_window_count: 2,
    sibling_pool_count: 1,
  })
})

test('a depthwise convolution is a window', () => {
  const features = siblings((net, image) => [
    net.add('a', depthwise, image),
    net.add('b', depthwise, image),
  ])
  expect(features).toMatchObject({ sibling_pointwise_count: 0, sibling_window_count: 1 })
})

test('an activation between does not part them', () => {
  const features = siblings((net, image) => {
    const relu = net.add('relu', { type: 'relu' }, image)
    return [net.add('a', conv(3), image), net.add('b', conv(3), relu)]
  })
  expect(features).toMatchObject({ sibling_window_count: 1 })
})

test('kernels of other types, windows, output shapes or tensors are no siblings', () => {
  const features = siblings((net, image) => {
    const first = net.add('first', conv(3), image)
    return [
      first,
      net.add('type', depthwise, image),
      net.add('window', conv(5), image),
      net.add('filters', conv(3, 8), image),
      net.add('stride', conv(3, 4, 2), image),
      net.add('tensor', conv(3), first),
      net.add('max', pool('max_pool', 3), image),
      net.add('avg', pool('avg_pool', 3), image),
      // No windows: such kernels are not looked at.
      net.add('relu', { type: 'relu' }, image),
      net.add('relu6', { type: 'relu6' }, image),
    ]
  })
  expect(features).toEqual({
    sibling_pointwise_count: 0,
    sibling_window_count: 0,
    sibling_pool_count: 0,
  })
})

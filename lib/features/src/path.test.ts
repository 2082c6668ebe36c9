import { fuse, NetworkBuilder, type Network, type Operator } from '@leti/network'
import { expect, test } from 'vitest'
import { pathFeatures } from './path.js'
import { present, smallNetwork, windowOf } from './small-network.fixture.js'

test('follows the branch that touches most', () => {
  // Elements that the windows touch; without MACs they count 1.001 times:
  //   image 256 * 1.001 = 256.256, a 512 * 9 = 4608, b 512 * 1, c 128 * 9 = 1152,
  //   d 128 * 4 * 1.001 = 512.512, sum and relu 128.128 each, concat 256.256, pooled 16.016, dense 10.
  // c touches more than b and d together (1024.512).
  const path = 256.256 + 4608 + 1152 + 128.128 + 128.128 + 256.256 + 16.016 + 10
  const { path_width, ...features } = pathFeatures(fuse(smallNetwork()))
  expect(path_width).toBeCloseTo((path + 512 + 512.512) / path, 12)
  expect(present(features)).toEqual({
    // a, c and the dense layer; b is beside the path.
    path_macs: 18432 + 1152 + 160,
    // The image, a, c, sum, relu, concat, pooled, dense.
    path_output_bytes: 1024 + 2048 + 3 * 512 + 1024 + 64 + 40,
    path_conv2d_3x3_count: 1,
    path_depthwise_conv2d_3x3_count: 1,
    path_add_count: 1,
    path_concat_count: 1,
  })
})

/** The sum of what two operators make of an image of 8x8x2; the first one runs first. */
function branches(first: Operator, second: Operator): Network {
  const net = new NetworkBuilder()
  const image = net.add('image', { type: 'input', shape: [8, 8, 2] })
  const terms = [net.add('first', first, image), net.add('second', second, image)]
  return net.build('n', net.add('sum', { type: 'add' }, ...terms))
}

const conv = (size: number) =>
  ({ type: 'conv2d', filters: 2, window: windowOf(size, size), bias: false }) as const

test('a window counts by its area, wherever it stands', () => {
  for (const network of [branches(conv(1), conv(3)), branches(conv(3), conv(1))]) {
    expect(pathFeatures(fuse(network))).toMatchObject({
      // 8*8*2 outputs of 3*3*2 products.
      path_macs: 128 * 18,
      path_conv2d_3x3_count: 1,
      path_conv2d_1x1_count: 0,
    })
  }
})

test('of equal windows the pool is on the path, since it uses what it reads only once', () => {
  const pool = { type: 'max_pool', window: windowOf(3, 3) } as const
  for (const network of [branches(conv(3), pool), branches(pool, conv(3))]) {
    expect(pathFeatures(fuse(network))).toMatchObject({
      path_macs: 0,
      path_max_pool_3x3_count: 1,
      path_conv2d_3x3_count: 0,
    })
  }
})

test('a network without branches is as wide as its path', () => {
  const net = new NetworkBuilder()
  const image = net.add('image', { type: 'input', shape: [8, 8, 2] })
  const network = net.build('n', net.add('conv', conv(3), image))
  // The image and the output have 128 elements each.
  expect(pathFeatures(fuse(network))).toMatchObject({ path_width: 1, path_output_bytes: 2 * 512 })
})

test('where nothing is executed there is no path', () => {
  expect(present(pathFeatures([]))).toEqual({})
})

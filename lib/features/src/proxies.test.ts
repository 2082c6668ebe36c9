import { fuse, NetworkBuilder, type Network } from '@leti/network'
import { expect, test } from 'vitest'
import { proxyFeatures } from './proxies.js'
import { smallNetwork, windowOf } from './small-network.fixture.js'

const proxies = (network: Network) => proxyFeatures(network, fuse(network))

test('sums the costs of all operators of the network as written', () => {
  expect(proxies(smallNetwork())).toEqual({
    // a: 8x8x8 outputs, each of 3x3x4 products: 512 * 36 = 18432. b: 512 outputs, each of 4 of the 8
    // channels: 2048. c: 4x4x8 outputs, each of 3x3 products: 128 * 9 = 1152. dense: 16 * 10 = 160.
    macs: 18432 + 2048 + 1152 + 160,
    // a: 3*3*4*8 = 288. b: 4 * 8 = 32 and 8 biases. c: 3*3*8 = 72. Three batch norms of 8 channels,
    // each with a scale and a shift: 3 * 16. dense: 160 and 10 biases.
    parameters: 288 + 40 + 72 + 48 + 170,
    // The image; a's convolution, batch norm and ReLU; b's convolution and batch norm; c's depthwise
    // convolution and batch norm; d, sum, relu; concat; pooled; dense.
    activation_bytes: 1024 + 3 * 2048 + 2 * 2048 + 2 * 512 + 3 * 512 + 1024 + 64 + 40,
    // Parameters, and a moving mean and variance for each of the 24 channels of batch norms.
    weight_bytes: 4 * (618 + 48),
    // Three of a, b, c, d are live in every order: a (2048) and b (2048) with c or d (512).
    peak_memory_bytes: 2048 + 2048 + 512,
  })
})

test('the peak of memory is that of the best order of the kernels', () => {
  const net = new NetworkBuilder()
  const image = net.add('image', { type: 'input', shape: [4, 4, 1] })
  const conv = (name: string, input: number, filters: number) =>
    net.add(name, { type: 'conv2d', filters, window: windowOf(1, 1), bias: false }, input)
  const wide = [conv('wide1', image, 10), conv('wide2', image, 10)]
  const narrow = wide.map((input, index) => conv(`narrow${index}`, input, 1))
  const network = net.build('n', net.add('sum', { type: 'add' }, ...narrow))
  // An image and a narrow tensor have 64 bytes, a wide one 640. As written both wide ones are live at
  // once: 64 + 640 + 640. One branch after the other: the image, a wide tensor and a narrow one.
  expect(proxies(network).peak_memory_bytes).toBe(64 + 640 + 64)
})

test('an output of the network stays in memory to the end', () => {
  const net = new NetworkBuilder()
  const image = net.add('image', { type: 'input', shape: [4, 4, 1] })
  const conv = (name: string, input: number, filters: number) =>
    net.add(name, { type: 'conv2d', filters, window: windowOf(1, 1), bias: false }, input)
  const first = conv('first', image, 10)
  const last = conv('last', conv('narrow', first, 1), 10)
  // 640 bytes each, and 64 between them.
  expect(proxies(net.build('one', last)).peak_memory_bytes).toBe(640 + 64)
  expect(proxies(net.build('both', first, last)).peak_memory_bytes).toBe(640 + 64 + 640)
})

import {
  executedNetwork,
  fuse,
  Layers,
  NetworkBuilder,
  prunedNetwork,
  type Network,
} from '@leti/network'
import { describe, expect, test } from 'vitest'
import { kernelFeatures } from './kernels.js'
import { present, smallNetwork, windowOf } from './small-network.fixture.js'

describe('sums over the kernels of each kind', () => {
  test('a batch norm and an activation belong to the kernel before', () => {
    expect(present(kernelFeatures(fuse(smallNetwork()), 'kernel'))).toEqual({
      // a reads the image. Its weights: 3*3*4*8, and 8 biases, to which its batch norm is folded.
      kernel_conv2d_3x3_count: 1,
      kernel_conv2d_3x3_input_bytes: 1024,
      kernel_conv2d_3x3_output_bytes: 2048,
      kernel_conv2d_3x3_macs: 512 * 36,
      kernel_conv2d_3x3_weight_bytes: 4 * (288 + 8),
      // b has a bias already: its batch norm adds nothing.
      kernel_conv2d_1x1_count: 1,
      kernel_conv2d_1x1_input_bytes: 2048,
      kernel_conv2d_1x1_output_bytes: 2048,
      kernel_conv2d_1x1_macs: 512 * 4,
      kernel_conv2d_1x1_weight_bytes: 4 * (32 + 8),
      kernel_depthwise_conv2d_3x3_count: 1,
      kernel_depthwise_conv2d_3x3_input_bytes: 2048,
      kernel_depthwise_conv2d_3x3_output_bytes: 512,
      kernel_depthwise_conv2d_3x3_macs: 128 * 9,
      kernel_depthwise_conv2d_3x3_weight_bytes: 4 * (72 + 8),
      kernel_dense_count: 1,
      kernel_dense_input_bytes: 64,
      kernel_dense_output_bytes: 40,
      kernel_dense_macs: 160,
      kernel_dense_weight_bytes: 4 * (160 + 10),
      kernel_max_pool_2x2_count: 1,
      kernel_max_pool_2x2_input_bytes: 2048,
      kernel_max_pool_2x2_output_bytes: 512,
      kernel_global_avg_pool_count: 1,
      kernel_global_avg_pool_input_bytes: 1024,
      kernel_global_avg_pool_output_bytes: 64,
      // c and d.
      kernel_add_count: 1,
      kernel_add_input_bytes: 512 + 512,
      kernel_add_output_bytes: 512,
      // relu and d.
      kernel_concat_count: 1,
      kernel_concat_input_bytes: 512 + 512,
      kernel_concat_output_bytes: 1024,
      // The one after the sum.
      kernel_relu_count: 1,
      kernel_relu_input_bytes: 512,
      kernel_relu_output_bytes: 512,
    })
  })

  test('kernels of one kind are added up', () => {
    const net = new Layers()
    const image = net.input(4, 4, 2)
    const first = net.convBn(image, 2, { size: 3, act: 'relu' })
    const network = net.build('n', net.convBn(first, 4, { size: 3, act: 'relu' }))
    // 4x4 positions; 3*3*2*2 = 36 weights and 2 biases, then 3*3*2*4 = 72 and 4.
    expect(present(kernelFeatures(fuse(network), 'kernel'))).toEqual({
      kernel_conv2d_3x3_count: 2,
      kernel_conv2d_3x3_input_bytes: 2 * 4 * 32,
      kernel_conv2d_3x3_output_bytes: 4 * 32 + 4 * 64,
      kernel_conv2d_3x3_macs: 16 * 36 + 16 * 72,
      kernel_conv2d_3x3_weight_bytes: 4 * (38 + 76),
    })
  })

  test('windows of unusual sizes share one kind', () => {
    const net = new NetworkBuilder()
    const image = net.add('image', { type: 'input', shape: [8, 8, 2] })
    const conv = (name: string, height: number, width: number, input: number) =>
      net.add(
        name,
        { type: 'conv2d', filters: 2, window: windowOf(height, width), bias: false },
        input,
      )
    const large = conv('large', 7, 7, image)
    const flat = conv('flat', 1, 3, large)
    const pool = net.add('pool', { type: 'avg_pool', window: windowOf(2, 2, 2) }, flat)
    const features = kernelFeatures(fuse(net.build('n', pool)), 'kernel')
    // 8*8*2 outputs of 7*7*2 products, then of 1*3*2.
    expect(features).toMatchObject({
      kernel_conv2d_other_count: 2,
      kernel_conv2d_other_macs: 128 * 98 + 128 * 6,
      kernel_conv2d_1x1_count: 0,
      kernel_conv2d_3x3_count: 0,
      kernel_avg_pool_other_count: 1,
      kernel_avg_pool_other_input_bytes: 512,
      kernel_avg_pool_other_output_bytes: 128,
    })
  })

  test('kinds that no search space has are summed together on request', () => {
    const net = new NetworkBuilder()
    const image = net.add('image', { type: 'input', shape: [2, 3] })
    const matrix = net.add('matrix', { type: 'constant', shape: [3, 4] })
    const product = net.add('product', { type: 'matmul', transposeB: false }, image, matrix)
    const kernels = fuse(net.build('n', net.add('softmax', { type: 'softmax' }, product)))
    // The product: 2x4 outputs of 3 products each, from 6 elements; a constant is no activation. The
    // softmax: 8 elements in, 8 out.
    expect(present(kernelFeatures(kernels, 'kernel', true))).toEqual({
      kernel_other_count: 2,
      kernel_other_input_bytes: 4 * (6 + 8),
      kernel_other_output_bytes: 4 * (8 + 8),
      kernel_other_macs: 8 * 3,
    })
    expect(present(kernelFeatures(kernels, 'kernel'))).toEqual({})
  })
})

describe('graphs as written, pruned and executed', () => {
  /** An image of 4x4x2, 128 bytes, as are all tensors here. */
  function withDeadBranches(): Network {
    const net = new NetworkBuilder()
    const image = net.add('image', { type: 'input', shape: [4, 4, 2] })
    const conv = (name: string, size: number, input: number) =>
      net.add(name, { type: 'conv2d', filters: 2, window: windowOf(size, size), bias: true }, input)
    conv('unread', 3, image)
    const zeros = net.add('zeros', { type: 'zeros' }, image)
    const constant = conv('constant', 1, zeros)
    const kept = conv('kept', 1, image)
    return net.build('n', net.add('sum', { type: 'add' }, kept, constant, zeros))
  }
  // A 1x1 convolution: 4x4x2 outputs of 2 products; 4 weights and 2 biases.
  const pointwise = { input_bytes: 128, output_bytes: 128, macs: 64, weight_bytes: 24 }

  test('as written, all kernels count', () => {
    const features = kernelFeatures(fuse(withDeadBranches()), 'kernel')
    expect(present(features)).toEqual({
      // unread: 32 outputs of 3*3*2 products.
      kernel_conv2d_3x3_count: 1,
      kernel_conv2d_3x3_input_bytes: 128,
      kernel_conv2d_3x3_output_bytes: 128,
      kernel_conv2d_3x3_macs: 32 * 18,
      kernel_conv2d_3x3_weight_bytes: 4 * (36 + 2),
      kernel_conv2d_1x1_count: 2,
      kernel_conv2d_1x1_input_bytes: 2 * pointwise.input_bytes,
      kernel_conv2d_1x1_output_bytes: 2 * pointwise.output_bytes,
      kernel_conv2d_1x1_macs: 2 * pointwise.macs,
      kernel_conv2d_1x1_weight_bytes: 2 * pointwise.weight_bytes,
      kernel_zeros_count: 1,
      kernel_add_count: 1,
      kernel_add_input_bytes: 3 * 128,
      kernel_add_output_bytes: 128,
    })
  })

  test('pruned, those that the output does not need are gone', () => {
    const features = kernelFeatures(fuse(prunedNetwork(withDeadBranches())), 'pruned')
    expect(present(features)).toEqual({
      pruned_macs: 2 * 64,
      pruned_conv2d_1x1_count: 2,
      pruned_conv2d_1x1_input_bytes: 2 * pointwise.input_bytes,
      pruned_conv2d_1x1_output_bytes: 2 * pointwise.output_bytes,
      pruned_conv2d_1x1_macs: 2 * pointwise.macs,
      pruned_conv2d_1x1_weight_bytes: 2 * pointwise.weight_bytes,
      pruned_zeros_count: 1,
      pruned_add_count: 1,
      pruned_add_input_bytes: 3 * 128,
      pruned_add_output_bytes: 128,
    })
  })

  test('executed, constants are folded too, and a sum of one term is removed', () => {
    const executed = executedNetwork(withDeadBranches())
    expect(present(kernelFeatures(fuse(executed), 'executed'))).toEqual({
      executed_macs: 64,
      executed_conv2d_1x1_count: 1,
      executed_conv2d_1x1_input_bytes: pointwise.input_bytes,
      executed_conv2d_1x1_output_bytes: pointwise.output_bytes,
      executed_conv2d_1x1_macs: pointwise.macs,
      executed_conv2d_1x1_weight_bytes: pointwise.weight_bytes,
    })
  })
})

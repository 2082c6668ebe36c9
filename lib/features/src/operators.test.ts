import { expect, test } from 'vitest'
import { operatorFeatures } from './operators.js'
import { smallNetwork } from './small-network.fixture.js'

test('counts the operators of each type as written, and their MACs', () => {
  expect(operatorFeatures(smallNetwork())).toEqual({
    // a and b: 512 outputs of 3*3*4 products, 512 outputs of 4 products.
    operator_conv2d_count: 2,
    operator_conv2d_macs: 512 * 36 + 512 * 4,
    // c: 128 outputs of 3*3 products.
    operator_depthwise_conv2d_count: 1,
    operator_depthwise_conv2d_macs: 128 * 9,
    operator_batch_norm_count: 3,
    // The one in a, and the one after the sum.
    operator_relu_count: 2,
    operator_max_pool_count: 1,
    operator_avg_pool_count: 0,
    operator_global_avg_pool_count: 1,
    operator_dense_count: 1,
    operator_dense_macs: 16 * 10,
    operator_add_count: 1,
    operator_concat_count: 1,
    operator_channel_shuffle_count: 0,
    operator_zeros_count: 0,
    operator_truncate_count: 0,
  })
})

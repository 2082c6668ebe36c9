import { fuse, Layers } from '@leti/network'
import { expect, test } from 'vitest'
import { present, smallNetwork, windowOf } from './small-network.fixture.js'
import { stageFeatures } from './stages.js'

test('stage 0 has the resolution of the image, stage 1 half of it', () => {
  expect(present(stageFeatures(fuse(smallNetwork())))).toEqual({
    // a and b are 8 high, as the image is.
    stage0_conv2d_3x3_count: 1,
    stage0_conv2d_3x3_macs: 512 * 36,
    stage0_conv2d_1x1_count: 1,
    stage0_conv2d_1x1_macs: 512 * 4,
    // c, d, the sum and the concatenation are 4 high; what is no image is in no stage.
    stage1_depthwise_conv2d_3x3_count: 1,
    stage1_depthwise_conv2d_3x3_macs: 128 * 9,
    stage1_max_pool_2x2_count: 1,
    stage1_add_count: 1,
    stage1_concat_count: 1,
  })
})

test('kernels of one kind in one stage are added up', () => {
  const net = new Layers()
  const image = net.input(4, 4, 2)
  const first = net.convBn(image, 2, { size: 3, act: 'relu' })
  // 4*4*2 outputs of 3*3*2 products, then 4*4*3 of as many.
  expect(
    present(stageFeatures(fuse(net.build('n', net.convBn(first, 3, { size: 3, act: 'relu' }))))),
  ).toEqual({
    stage0_conv2d_3x3_count: 2,
    stage0_conv2d_3x3_macs: 32 * 18 + 48 * 18,
  })
})

test('the last stage holds all that is smaller, the first all that is larger', () => {
  const net = new Layers()
  const image = net.input(256, 256, 1)
  const resize = { type: 'resize_nearest', alignCorners: false, halfPixelCenters: false } as const
  const larger = net.op({ ...resize, size: [512, 512] }, image)
  // 256, 128, 64, 32, 16, 8, 4, 2, 1.
  let last = larger
  for (let index = 0; index < 9; index++) last = net.maxPool(last, { size: 2, stride: 2 })
  const conv = { type: 'conv2d', filters: 1, window: windowOf(3, 3), bias: false } as const
  const features = stageFeatures(fuse(net.build('n', last, net.op(conv, larger))))
  expect(present(features)).toEqual({
    stage0_conv2d_3x3_count: 1,
    stage0_conv2d_3x3_macs: 512 * 512 * 9,
    stage0_max_pool_2x2_count: 1,
    stage1_max_pool_2x2_count: 1,
    stage2_max_pool_2x2_count: 1,
    stage3_max_pool_2x2_count: 1,
    stage4_max_pool_2x2_count: 1,
    // 8, 4, 2 and 1 high: 5, 6, 7 and 8 halvings.
    stage5_max_pool_2x2_count: 4,
  })
})

test('halvings of odd heights are rounded', () => {
  const net = new Layers()
  let last = net.input(75, 75, 1)
  // 38, 19, 10, 5: log2 of 75/38 = 0.98, of 75/19 = 1.98, of 75/10 = 2.91, of 75/5 = 3.91.
  for (let index = 0; index < 4; index++) last = net.maxPool(last, { size: 3, stride: 2 })
  expect(present(stageFeatures(fuse(net.build('n', last))))).toEqual({
    stage1_max_pool_3x3_count: 1,
    stage2_max_pool_3x3_count: 1,
    stage3_max_pool_3x3_count: 1,
    stage4_max_pool_3x3_count: 1,
  })
})

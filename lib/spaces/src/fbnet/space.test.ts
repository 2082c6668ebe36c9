import { networkCost } from '@leti/network'
import { expect, test } from 'vitest'
import { networkOf } from '../registry.js'
import { fbnet } from './index.js'

const cost = (ops: string) =>
  networkCost(networkOf({ id: 'n', arch: { space: 'fbnet', ops: ops.split(' ') } }).written)

/** The searched networks of the paper, as https://github.com/facebookresearch/mobile-vision lists them. */
const FBNET_A =
  'skip k3_e3 k3_e1 skip skip k5_e6 k3_e3 k5_e1 k3_e3 k5_e6 k5_e3 k5_e1_g2 k5_e6 ' +
  'k3_e6 k5_e1_g2 k5_e1 k3_e1_g2 k5_e6 k5_e6 k5_e3 k5_e6 k5_e6'
const FBNET_C =
  'k3_e1 k3_e6 skip k3_e1 k3_e1 k5_e6 k5_e3 k5_e6 k3_e6 k5_e6 k5_e3 k5_e6 k5_e6 ' +
  'k5_e6 k5_e6 k5_e6 k5_e3 k5_e6 k5_e6 k5_e6 k5_e6 k3_e6'

test('FBNet-C has the 5,572,200 parameters of the public PyTorch models', () => {
  // fbnetc_100 of timm, fbnet_cb of pytorchcv.
  expect(cost(FBNET_C).parameters).toBe(5_572_200)
})

test.each([
  ['A', FBNET_A, 249],
  ['C', FBNET_C, 375],
])('FBNet-%s is within 3%% of the MACs in the paper', (_, ops, mega) => {
  expect(Math.abs(cost(ops).macs / 1e6 / mega - 1)).toBeLessThan(0.03)
})

test('a skipped block that changes the shape is a 1x1 convolution', () => {
  const all = Array<string>(22).fill('skip').join(' ')
  const { nodes } = networkOf({ id: 'n', arch: { space: 'fbnet', ops: all.split(' ') } }).written
  // Stem, six changes of channels or resolution, head.
  expect(nodes.filter(({ operator }) => operator.type === 'conv2d')).toHaveLength(8)
})

test('resolution and classes are those of the record', () => {
  const arch = { space: 'fbnet', ops: FBNET_C.split(' '), resolution: 128, num_labels: 10 }
  const { nodes } = networkOf({ id: 'n', arch }).written
  expect(nodes[0].shape).toEqual([128, 128, 3])
  expect(nodes.at(-1)?.shape).toEqual([10])
})

test.each([16, 1025, 128.5, '128', null])('a resolution of %j is refused', (resolution) => {
  const ops = FBNET_C.split(' ')
  expect(() => fbnet.parse({ space: 'fbnet', ops, resolution })).toThrow(
    '"resolution" must be a whole number from 32 to 1024',
  )
})

test.each([
  [undefined, '"ops" must be'],
  [['skip'], '"ops" must be'],
  [Array(22).fill('k7_e6'), 'unknown operation "k7_e6"'],
  [Array(22).fill(null), 'unknown operation null'],
  [Array(22).fill('toString'), 'unknown operation'],
])('%j is refused', (ops, message) => {
  expect(() => fbnet.parse({ space: 'fbnet', ops })).toThrow(message)
})

test('an architecture is its list of choices', () => {
  const chosen = Array<number>(22).fill(8)
  const ops = Array<string>(22).fill('skip')
  expect(fbnet.choices?.arch(chosen)).toEqual({ ops })
  expect(fbnet.choices?.chosen(fbnet.parse({ space: 'fbnet', ops }))).toEqual(chosen)
})

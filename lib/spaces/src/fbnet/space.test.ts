import { networkCost } from '@leti/network'
import { expect, test } from 'vitest'
import { networkOf } from '../registry.js'
import { fbnet } from './index.js'

const cost = (ops: string, config: object = {}) =>
  networkCost(
    networkOf({ id: 'n', arch: { space: 'fbnet', ops: ops.split(' '), ...config } }).written,
  )

/** The searched networks of the paper, as https://github.com/facebookresearch/mobile-vision lists them. */
const FBNET_A =
  'skip k3_e3 k3_e1 skip skip k5_e6 k3_e3 k5_e1 k3_e3 k5_e6 k5_e3 k5_e1_g2 k5_e6 ' +
  'k3_e6 k5_e1_g2 k5_e1 k3_e1_g2 k5_e6 k5_e6 k5_e3 k5_e6 k5_e6'
const FBNET_B =
  'k3_e1 k3_e6 k5_e1 k3_e1 k3_e1 k5_e6 k5_e3 k3_e6 k5_e6 k5_e6 k5_e1 skip k5_e3 ' +
  'k5_e6 k3_e1 k5_e1 k5_e3 k5_e6 k5_e1 k5_e6 k5_e6 k3_e6'
const FBNET_C =
  'k3_e1 k3_e6 skip k3_e1 k3_e1 k5_e6 k5_e3 k5_e6 k3_e6 k5_e6 k5_e3 k5_e6 k5_e6 ' +
  'k5_e6 k5_e6 k5_e6 k5_e3 k5_e6 k5_e6 k5_e6 k5_e6 k3_e6'

const FBNET_96 =
  'k3_e1 k3_e6 k3_e6 skip skip k5_e6 k5_e6 skip skip k5_e6 skip skip skip ' +
  'k3_e6 skip skip skip k5_e6 k5_e6 skip skip k5_e6'

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

// Resolution, millions of parameters and FLOPs, which are multiply-accumulates: README.md of the code.
// Channels of the last convolution: mobile_cv/arch/fbnet_v2/fbnet_modeldef_cls_fbnet.py. That file has
// the channels of FBNet-96-0.35-1 written out: 8, 8, 16, 16, 24, 40, 72 and 128.
test.each([
  ['FBNet-A', FBNET_A, { head_filter_size: 1504 }, '4.3', 249.4, 0.05],
  ['FBNet-B', FBNET_B, {}, '4.8', 295.6, 0.01],
  [
    'FBNet-96-0.35-1',
    FBNET_96,
    { resolution: 96, width: 0.35, head_filter_size: 1416 },
    '1.8',
    12.9,
    0.004,
  ],
])('%s has its published parameters and MACs', (_, ops, config, parameters, mega, tolerance) => {
  const { parameters: counted, macs } = cost(ops, config)
  expect((counted / 1e6).toFixed(1)).toBe(parameters)
  expect(Math.abs(macs / 1e6 / mega - 1)).toBeLessThan(tolerance)
})

test('channels at a width are the next multiple of 8', () => {
  const channels = (width: number) =>
    networkOf({ id: 'n', arch: { space: 'fbnet', ops: FBNET_96.split(' '), width } })
      .written.nodes.filter(({ name }) => /^(stem|layer\d+\/project)\/conv2d$/.test(name))
      .map(({ shape }) => shape[2])
  expect(channels(0.35)).toEqual([8, 8, 16, 16, 16, 16, 24, 40, 72, 72, 128])
  expect(channels(1)).toEqual([16, 16, 24, 24, 32, 32, 64, 112, 184, 184, 352])
  expect(channels(1.5)).toEqual([24, 24, 40, 40, 48, 48, 96, 168, 280, 280, 528])
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
  [{ width: 0 }, '"width" must be a number above 0 and up to 16'],
  [{ width: 1e300 }, '"width" must be'],
  [{ width: '0.5' }, '"width" must be'],
  [{ head_filter_size: 0 }, '"head_filter_size" must be a positive whole number'],
  [{ num_labels: 1.5 }, '"num_labels" must be a positive whole number'],
])('%j is refused', (config, message) => {
  expect(() => fbnet.parse({ space: 'fbnet', ops: FBNET_C.split(' '), ...config })).toThrow(message)
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

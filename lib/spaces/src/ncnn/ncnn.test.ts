import { filterShape, networkCost, type Network } from '@leti/network'
import { describe, expect, test } from 'vitest'
import { networkOf } from '../registry.js'
import { NCNN_NAMES, ncnnRecord } from './index.js'

/**
 * Weights, without biases, and multiply-accumulates of ncnn's networks, added up over the layers of
 * https://github.com/Tencent/ncnn/tree/master/benchmark/*.param (members 6 of convolutions and 2 of
 * dense layers), and the resolution of benchncnn.cpp.
 */
const PUBLISHED: readonly (readonly [string, number, number, number])[] = [
  ['squeezenet', 227, 1_231_552, 418_467_520],
  ['mobilenet', 224, 4_209_088, 568_740_352],
  ['mobilenet_v2', 224, 3_470_784, 313_619_328],
  ['mobilenet_v3', 224, 5_115_080, 245_564_768],
  ['shufflenet_v2', 224, 2_261_424, 144_907_992],
  ['mnasnet', 224, 4_344_392, 314_415_872],
  ['proxylessnasnet', 224, 4_046_296, 336_483_904],
  ['efficientnet_b0', 224, 5_236_192, 385_814_752],
  ['regnety_400m', 224, 4_310_784, 401_842_848],
  ['googlenet', 224, 6_990_272, 1_582_671_872],
  ['resnet18', 224, 11_683_008, 1_826_918_400],
  ['resnet50', 224, 25_502_912, 3_857_973_248],
  ['vgg16', 224, 138_344_128, 15_470_264_320],
]

/** Networks with a different layer, and the relative error of their MACs. */
const DIFFERENT: Readonly<Record<string, number>> = {
  mobilenet_v2: 0.042,
  mobilenet_v3: 0.0001,
  proxylessnasnet: 0.049,
  resnet18: 0.008,
}

describe.each(PUBLISHED)('%s', (name, resolution, weights, macs) => {
  const network = networkOf(ncnnRecord(name)).written
  const tolerance = DIFFERENT[name] ?? 0

  test('has the resolution and the MACs of the benchmark', () => {
    expect(network.nodes[0].shape).toEqual([resolution, resolution, 3])
    expect(Math.abs(networkCost(network).macs / macs - 1)).toBeLessThanOrEqual(tolerance)
  })

  test('has the weights of the benchmark', () => {
    expect(Math.abs(weightsOf(network) / weights - 1)).toBeLessThanOrEqual(tolerance && 0.01)
  })
})

test('every network is in the table', () => {
  expect(PUBLISHED.map(([name]) => name)).toEqual([...NCNN_NAMES])
})

test('the id is the one in published tables', () => {
  const record = ncnnRecord('squeezenet')
  expect(record).toEqual({ id: 'ncnn-squeezenet', arch: { space: 'ncnn', name: 'squeezenet' } })
  expect(networkOf(record).written.name).toBe('ncnn-squeezenet')
})

test.each(['blazeface', 'alexnet', 'constructor', undefined])('%s is refused', (name) => {
  const record = { id: 'a', arch: { space: 'ncnn', name } }
  const message = `unknown network of ncnn ${JSON.stringify(name)}; known: squeezenet, `
  expect(() => networkOf(record)).toThrow(message)
})

/** Number of weights of convolutions and dense layers. */
function weightsOf({ nodes }: Network): number {
  const filters = nodes.map(({ operator, inputs: [input] }) =>
    operator.type === 'batch_norm' ? [0] : (filterShape(operator, nodes[input]?.shape) ?? [0]),
  )
  return filters.reduce((sum, shape) => sum + shape.reduce((product, size) => product * size), 0)
}

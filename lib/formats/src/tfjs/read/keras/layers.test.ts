import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { networkCost } from '@leti/network'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { readModel } from '../../../index.js'
import { apply, expectAgreement, folder, graph, saved, sequence } from './layers.fixture.js'

// Layers models that TensorFlow.js writes, and a Keras model from an npm package.

const { layers } = tf

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const IMAGE = [8, 10, 6]

const MODELS: Record<string, () => tf.LayersModel> = {
  'a sequence of convolutions': () =>
    sequence(
      IMAGE,
      layers.conv2d({ filters: 7, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
      layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, useBias: false }),
      layers.batchNormalization({ epsilon: 0.01 }),
      layers.reLU({ maxValue: 6 }),
      layers.separableConv2d({ filters: 5, kernelSize: 2, activation: 'elu' }),
      layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 }),
      layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' }),
    ),
  'a classifier': () =>
    sequence(
      IMAGE,
      layers.batchNormalization({ scale: false }),
      layers.conv2d({ filters: 7, kernelSize: [3, 2], dilationRate: 2 }),
      layers.leakyReLU({ alpha: 0.2 }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.dropout({ rate: 0.5 }),
      layers.flatten(),
      layers.dense({ units: 9, activation: 'tanh' }),
      layers.dense({ units: 5, activation: 'softmax' }),
    ),
  'one-dimensional layers': () =>
    sequence(
      [20, 6],
      layers.conv1d({ filters: 7, kernelSize: 3, strides: 2, activation: 'sigmoid' }),
      layers.maxPooling1d({ poolSize: 3, strides: 1, padding: 'same' }),
      layers.dense({ units: 4, activation: 'hardSigmoid' }),
      layers.globalAveragePooling1d(),
    ),
  'layers that change the shape': () =>
    sequence(
      IMAGE,
      layers.zeroPadding2d({
        padding: [
          [1, 2],
          [3, 0],
        ],
      }),
      layers.cropping2D({
        cropping: [
          [2, 0],
          [1, 1],
        ],
      }),
      layers.upSampling2d({ size: [2, 3] }),
      layers.averagePooling2d({ poolSize: [3, 2], strides: 2, padding: 'same' }),
      layers.permute({ dims: [2, 1, 3] }),
      layers.reshape({ targetShape: [-1, 6] }),
    ),
  'branches, and a layer that is called twice': () =>
    graph(IMAGE, (input) => {
      const shared = layers.conv2d({ filters: 6, kernelSize: 3, padding: 'same' })
      const once = apply(shared, input)
      const twice = apply(shared, once)
      const sum = apply(layers.add(), input, once, twice)
      const gate = apply(
        layers.multiply(),
        sum,
        apply(layers.activation({ activation: 'swish' }), once),
      )
      const slope = apply(layers.prelu({ sharedAxes: [1, 2] }), gate)
      const both = apply(layers.concatenate({ axis: 2 }), slope, input)
      return [
        both,
        apply(layers.average(), once, twice),
        apply(layers.globalAveragePooling2d({}), sum),
      ]
    }),
  'a model within a model': () => {
    const inner = graph(IMAGE, (input) => {
      const wide = apply(layers.conv2d({ filters: 6, kernelSize: 1 }), input)
      return apply(layers.add(), wide, input)
    })
    return graph(IMAGE, (input) => {
      const base = sequence(
        IMAGE,
        layers.conv2d({ filters: 6, kernelSize: 1, activation: 'relu6' }),
      )
      return apply(inner, apply(base, input))
    })
  },
}

describe.each(Object.entries(MODELS))('%s', (name, model) => {
  test('agrees with TensorFlow.js', async () => {
    await expectAgreement(await saved(name.replace(/\W+/g, '-'), model()))
  })
})

const require = createRequire(import.meta.url)

/** A super-resolution network of Keras. The size of its image is open. */
const [ROOT] = require.resolve('@upscalerjs/esrgan-slim').split('/dist/')
const ESRGAN = join(ROOT, 'models/x2/model.json')

test('a super-resolution network of Keras agrees with TensorFlow.js', async () => {
  await expectAgreement(ESRGAN, [1, 16, 24, 3])
})

test('a layer of an unknown class is refused by name, as its output shape is unknown', async () => {
  const out = join(folder, 'esrgan')
  cpSync(dirname(ESRGAN), out, { recursive: true })
  const path = join(out, 'model.json')
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.replace('"class_name": "UpSampling2D"', '"class_name": "PixelShuffle"'))
  await expect(readModel(path, [1, 8, 8, 3])).rejects.toMatchObject({
    code: 'unsupported',
    message:
      'operator PixelShuffle is unknown to LETI and the file does not state its output shape',
  })
})

test('the number of parameters is that of TensorFlow.js', async () => {
  const model = MODELS['a sequence of convolutions']()
  const { network } = await readModel(await saved('counted', model))
  const trainable = model.trainableWeights.reduce(
    (sum, { shape }) => sum + shape.reduce<number>((size, length) => size * (length ?? 1), 1),
    0,
  )
  expect(networkCost(network).parameters).toBe(trainable)
})

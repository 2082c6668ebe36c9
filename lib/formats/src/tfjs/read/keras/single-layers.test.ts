import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { readModel } from '../../../index.js'
import { apply, expectAgreement, graph, saved, sequence } from './layers.fixture.js'

// Models of a single layer, as TensorFlow.js runs and saves them.

const { layers } = tf

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const IMAGE = [6, 8, 4]
const ROWS = [9, 4]

/** A Keras layer that TensorFlow.js lacks. */
function foreign(
  className: string,
  run: (inputs: tf.Tensor[]) => tf.Tensor,
  output?: readonly number[],
): tf.layers.Layer {
  class Foreign extends layers.Layer {
    static className = className
    override computeOutputShape(shape: tf.Shape | tf.Shape[]): tf.Shape {
      if (output) return [null, ...output]
      return Array.isArray(shape[0]) ? shape[0] : (shape as tf.Shape)
    }
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return run([inputs].flat())
    }
  }
  tf.serialization.registerClass(Foreign)
  return new Foreign({})
}

const fileName = (name: string): string => name.replace(/\W+/g, '-')

const same = ([input]: tf.Tensor[]): tf.Tensor => tf.clone(input)

const activation = (name: string): tf.layers.Layer =>
  layers.activation({ activation: name as 'relu' })

const KNOWN: [string, number[], () => tf.layers.Layer][] = [
  ['ELU', IMAGE, () => layers.elu()],
  ['GlobalMaxPooling2D', IMAGE, () => layers.globalMaxPooling2d({})],
  ['GlobalMaxPooling1D', ROWS, () => layers.globalMaxPooling1d({})],
  ['Softmax', IMAGE, () => layers.softmax({ axis: -1 })],
  ['Softmax of TensorFlow.js, along axis 1', [5], () => layers.softmax()],
  ['the activation relu', IMAGE, () => activation('relu')],
  ['the activation gelu', IMAGE, () => activation('gelu')],
  ['AveragePooling1D', ROWS, () => layers.averagePooling1d({ poolSize: 3, strides: 2 })],
  [
    'AveragePooling1D, padded',
    ROWS,
    () => layers.averagePooling1d({ poolSize: 2, padding: 'same' }),
  ],
  [
    'UpSampling2D, bilinear',
    IMAGE,
    () => layers.upSampling2d({ size: [2, 3], interpolation: 'bilinear' }),
  ],
  ['Rescaling', IMAGE, () => layers.rescaling({ scale: 0.5, offset: -1 })],
  ['SpatialDropout1D', ROWS, () => layers.spatialDropout1d({ rate: 0.5 })],
  ['AlphaDropout', IMAGE, () => layers.alphaDropout({ rate: 0.5 })],
  ['GaussianDropout', IMAGE, () => layers.gaussianDropout({ rate: 0.5 })],
  ['GaussianNoise', IMAGE, () => layers.gaussianNoise({ stddev: 1 })],
  ['SpatialDropout2D', IMAGE, () => foreign('SpatialDropout2D', same)],
  [
    'MultiplyBeta',
    IMAGE,
    () =>
      configured(
        foreign('MultiplyBeta', ([input]) => tf.mul(input, 0.2)),
        { beta: 0.2 },
      ),
  ],
  ['ActivityRegularization', IMAGE, () => foreign('ActivityRegularization', same)],
]

test.each(KNOWN)('%s agrees with TensorFlow.js', async (name, shape, layer) => {
  // The dense layer keeps the network from being empty: a reader drops a dropout, for example.
  const model = sequence(shape, layer(), layers.dense({ units: 3 }))
  await expectAgreement(await saved(fileName(name), model))
})

test('PixelShuffle2x moves channels into space', async () => {
  const run = ([input]: tf.Tensor[]): tf.Tensor => tf.depthToSpace(input as tf.Tensor4D, 2)
  const layer = configured(foreign('PixelShuffle2x', run, [12, 16, 1]), { scale: 2 })
  await expectAgreement(await saved('PixelShuffle2x', sequence(IMAGE, layer)))
})

test('Subtract computes the difference', async () => {
  const subtract = foreign('Subtract', ([a, b]) => tf.sub(a, b))
  const model = graph(IMAGE, (input) =>
    apply(subtract, apply(layers.dense({ units: 4 }), input), input),
  )
  await expectAgreement(await saved('subtract', model))
})

test('ReLU with a slope is a LeakyReLU', async () => {
  // TensorFlow.js ignores the slope, so there is no output to compare with.
  const layer = configured(layers.reLU(), { negativeSlope: 0.25 })
  const { network } = await readModel(await saved('slope', sequence(IMAGE, layer)))
  expect(network.nodes[1].operator).toEqual({ type: 'leaky_relu', alpha: 0.25 })
})

/** A layer whose saved configuration has members that TensorFlow.js does not set. */
function configured(layer: tf.layers.Layer, more: tf.serialization.ConfigDict): tf.layers.Layer {
  const config = layer.getConfig()
  layer.getConfig = () => ({ ...config, ...more })
  return layer
}

/** Layers that multiply nothing and that LETI has no operator for. */
const TRAFFIC: [string, number[], string, () => tf.layers.Layer][] = [
  ['Softmax along axis 1', ROWS, 'Softmax', () => layers.softmax({ axis: 1 })],
  ['ELU with another alpha', IMAGE, 'ELU', () => configured(layers.elu(), { alpha: 2 })],
  ['ReLU with a threshold', IMAGE, 'ReLU', () => configured(layers.reLU(), { threshold: 1 })],
  ['ThresholdedReLU', IMAGE, 'ThresholdedReLU', () => layers.thresholdedReLU()],
  ['LayerNormalization', IMAGE, 'LayerNormalization', () => layers.layerNormalization()],
  ['the activation selu', IMAGE, 'Selu', () => activation('selu')],
  ['the activation softsign', IMAGE, 'Softsign', () => activation('softsign')],
  ['the activation mish', IMAGE, 'Mish', () => activation('mish')],
  ['the activation gelu_new', IMAGE, 'GeluNew', () => activation('gelu_new')],
]

test('the activation softplus is read as the operator', async () => {
  const model = sequence(IMAGE, activation('softplus'))
  const { nodes } = (await readModel(await saved('softplus', model))).network
  expect(nodes.at(-1)?.operator).toEqual({ type: 'softplus' })
})

test.each(TRAFFIC)('%s is kept by its name and shape', async (name, shape, operator, layer) => {
  const model = graph(shape, (input) => apply(layer(), input))
  await expectTraffic(await saved(fileName(name), model), operator, model)
})

test.each([
  ['Maximum', layers.maximum],
  ['Minimum', layers.minimum],
])('%s of two tensors is read as the operator', async (name, layer) => {
  const model = graph(IMAGE, (input) =>
    apply(layer(), input, apply(layers.dense({ units: 4 }), input)),
  )
  const { nodes } = (await readModel(await saved(name, model))).network
  expect(nodes.at(-1)?.operator).toEqual({ type: name.toLowerCase() })
})

async function expectTraffic(path: string, name: string, model: tf.LayersModel): Promise<void> {
  const { nodes, outputs } = (await readModel(path)).network
  const traffic = nodes.filter(({ operator: { type } }) => type === 'traffic')
  expect(traffic.map(({ operator }) => operator)).toMatchObject([{ name }])
  const shapes = model.outputs.map(({ shape: [, ...sizes] }) => sizes)
  expect(outputs.map((output) => nodes[output].shape)).toEqual(shapes)
}

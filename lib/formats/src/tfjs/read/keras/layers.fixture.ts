import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Shape } from '@leti/network'
import * as tf from '@tensorflow/tfjs'
import { expect } from 'vitest'
import { readModel, writeModel } from '../../../index.js'
import { runInLiteRt } from '../../../litert.fixture.js'
import { expectAlike, feed } from '../../../outputs.fixture.js'
import { runInTfjs, runTfjsFile } from '../../../tfjs.fixture.js'

export const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))

/** Saves a model into its own folder, with random weights instead of those of the initializers. */
export async function saved(name: string, model: tf.LayersModel): Promise<string> {
  model.setWeights(
    model.getWeights().map((weight, index) => {
      const values = feed(index, weight.size)
      // A variance is positive.
      const isVariance = model.weights[index].originalName.endsWith('variance')
      return tf.tensor(isVariance ? values.map((of) => of * of + 0.1) : values, weight.shape)
    }),
  )
  const path = join(folder, name, 'model.json')
  await model.save(tf.io.withSaveHandler((artifacts) => write(path, artifacts)))
  return path
}

function write(path: string, artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> {
  const { modelTopology, weightSpecs, weightData } = artifacts
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(join(dirname(path), 'weights.bin'), Buffer.from(weightData as ArrayBuffer))
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }]
  writeFileSync(path, JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }))
  const dateSaved = new Date(0)
  return Promise.resolve({ modelArtifactsInfo: { dateSaved, modelTopologyType: 'JSON' } })
}

/**
 * Reads a layers model, writes its network in both formats, and expects no unknown operator and the
 * outputs of TensorFlow.js.
 *
 * @param shape of the only input, if the file leaves it open
 */
export async function expectAgreement(path: string, shape?: Shape): Promise<void> {
  const original = await runTfjsFile(path, 'cpu', feed, shape)
  const { network, weights } = await readModel(path, shape)
  expect(network.nodes.filter(({ operator }) => operator.type === 'unknown')).toEqual([])
  const outputs = network.outputs.map((output) => network.nodes[output].shape)
  expect(outputs.map((shape) => [1, ...shape])).toEqual(original.outputs)
  const out = join(folder, 'again')
  const tfjs = await writeModel(network, 'tfjs', out, weights)
  expectAlike(await runInTfjs(tfjs.path, 'wasm', feed), original.values, 1e-4)
  const tflite = await writeModel(network, 'tflite', out, weights)
  const { values } = await runInLiteRt(readFileSync(tflite.path), feed)
  expectAlike(values, original.values, 1e-4)
}

export function sequence(inputShape: number[], ...rest: tf.layers.Layer[]): tf.LayersModel {
  return tf.sequential({ layers: [tf.layers.inputLayer({ inputShape }), ...rest] })
}

type Tensor = tf.SymbolicTensor

/** A model whose outputs `build` computes from its input. */
export function graph(
  shape: number[],
  build: (input: Tensor) => Tensor | Tensor[],
): tf.LayersModel {
  const inputs = tf.input({ shape })
  return tf.model({ inputs, outputs: build(inputs) })
}

export const apply = (layer: tf.layers.Layer, ...inputs: Tensor[]): Tensor =>
  layer.apply(inputs.length > 1 ? inputs : inputs[0]) as Tensor

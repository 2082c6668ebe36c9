import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'

/** Loads the files of a graph model that was written, through TensorFlow.js itself. */
async function loadTfjs(path: string): Promise<tf.GraphModel> {
  const json = JSON.parse(readFileSync(path, 'utf8')) as tf.io.ModelJSON
  const [{ paths, weights }] = json.weightsManifest
  const data = Buffer.concat(paths.map((shard) => readFileSync(join(dirname(path), shard))))
  return tf.loadGraphModel({
    load: () =>
      Promise.resolve({
        modelTopology: json.modelTopology,
        signature: json.signature,
        weightSpecs: weights,
        weightData: new Uint8Array(data).buffer,
      }),
  })
}

/**
 * Runs a graph model.
 *
 * @param feed the elements of the input of this position and size
 * @returns the elements of each output
 */
export async function runInTfjs(
  path: string,
  backend: 'cpu' | 'wasm',
  feed: (input: number, size: number) => Float32Array,
): Promise<Float32Array[]> {
  await tf.setBackend(backend)
  const model = await loadTfjs(path)
  const inputs = model.inputs.map(({ name, shape }, index) => {
    const sizes = shape ?? []
    return [name, tf.tensor(feed(index, tf.util.sizeFromShape(sizes)), sizes)] as const
  })
  const outputs = model.outputs.map(({ name }) => name)
  const results = model.execute(Object.fromEntries(inputs), outputs)
  const values = [results].flat().map((result) => Float32Array.from(result.dataSync()))
  for (const [, input] of inputs) input.dispose()
  model.dispose()
  return values
}

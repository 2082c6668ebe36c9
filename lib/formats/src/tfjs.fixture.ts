import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'

/** Reads the files of a model into the form that TensorFlow.js loads. */
function tfjsArtifacts(path: string): tf.io.ModelArtifacts {
  const json = JSON.parse(readFileSync(path, 'utf8')) as tf.io.ModelJSON
  const [{ paths, weights }] = json.weightsManifest
  const data = Buffer.concat(paths.map((shard) => readFileSync(join(dirname(path), shard))))
  return {
    modelTopology: json.modelTopology,
    signature: json.signature,
    userDefinedMetadata: json.userDefinedMetadata,
    weightSpecs: weights,
    weightData: new Uint8Array(data).buffer,
  }
}

/** A graph model or a layers model of TensorFlow.js, loaded. */
interface Runnable {
  readonly inputs: readonly {
    readonly name: string
    readonly shape?: (number | null)[]
    readonly dtype: tf.DataType
  }[]
  run(tensors: tf.Tensor[]): tf.Tensor | tf.Tensor[]
  dispose(): void
}

async function loadTfjs(path: string): Promise<Runnable> {
  const artifacts = tfjsArtifacts(path)
  const load = (): Promise<tf.io.ModelArtifacts> => Promise.resolve(artifacts)
  if ('node' in (artifacts.modelTopology as object)) {
    const model = await tf.loadGraphModel({ load })
    const outputs = model.outputs.map(({ name }) => name)
    return {
      inputs: model.inputs,
      run: (tensors) =>
        model.execute(
          Object.fromEntries(tensors.map((tensor, index) => [model.inputs[index].name, tensor])),
          outputs,
        ),
      dispose: () => model.dispose(),
    }
  }
  const model = await tf.loadLayersModel({ load })
  return {
    inputs: model.inputs,
    run: (tensors) => model.predict(tensors),
    dispose: () => void model.dispose(),
  }
}

export interface TfjsRun {
  readonly inputs: readonly (readonly number[])[]
  readonly outputs: readonly (readonly number[])[]
  readonly values: Float32Array[]
}

/**
 * Runs a graph or layers model at batch 1.
 *
 * @param feed gives the numbers of an input, by its position and size
 * @param given the shape of the only input, if the file leaves it open
 */
export async function runTfjsFile(
  path: string,
  backend: 'cpu' | 'wasm',
  feed: (input: number, size: number) => Float32Array,
  given?: readonly number[],
): Promise<TfjsRun> {
  await tf.setBackend(backend)
  const model = await loadTfjs(path)
  const tensors = model.inputs.map(({ shape = [], dtype }, index) => {
    const sizes = [...(given ?? shape.map((size) => Math.max(size ?? 1, 1)))]
    return tf.tensor(feed(index, tf.util.sizeFromShape(sizes)), sizes, dtype)
  })
  const results = [model.run(tensors)].flat()
  const run = {
    inputs: tensors.map(({ shape }) => shape),
    outputs: results.map(({ shape }) => shape),
    values: results.map((result) => Float32Array.from(result.dataSync())),
  }
  tf.dispose([...tensors, ...results])
  model.dispose()
  return run
}

/** Runs a graph or layers model; returns the numbers of each output. */
export async function runInTfjs(
  path: string,
  backend: 'cpu' | 'wasm',
  feed: (input: number, size: number) => Float32Array,
): Promise<Float32Array[]> {
  return (await runTfjsFile(path, backend, feed)).values
}

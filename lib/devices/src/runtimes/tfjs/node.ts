/** Starts TensorFlow.js in Node. */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import type { Started } from '../session.js'
import { TfjsSession } from './session.js'

export async function start(backend: string): Promise<Started> {
  await tf.setBackend(backend)
  await tf.ready()
  return {
    session: new TfjsSession((path) => ({ load: () => readModel(path) })),
    runtime: `tfjs@${tf.version.tfjs}`,
    threads: 1,
  }
}

/** A model.json, which lists the files of its weights. */
interface ModelJson extends tf.io.ModelJSON {
  weightsManifest: tf.io.WeightsManifestConfig
}

/** Without its native addon, tfjs cannot load model files in Node. */
async function readModel(path: string): Promise<tf.io.ModelArtifacts> {
  const json = JSON.parse(await readFile(path, 'utf8')) as ModelJson
  const shards = json.weightsManifest.flatMap((group) => group.paths)
  const buffers = await Promise.all(shards.map((shard) => readFile(join(dirname(path), shard))))
  return {
    modelTopology: json.modelTopology,
    format: json.format,
    signature: json.signature,
    weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
    weightData: buffers.map(toArrayBuffer),
  }
}

function toArrayBuffer(buffer: Buffer): ArrayBuffer {
  return buffer.buffer.slice(
    buffer.byteOffset,
    buffer.byteOffset + buffer.byteLength,
  ) as ArrayBuffer
}

/** Starts TensorFlow.js in Node. */
import { dirname } from 'node:path'
import { fileWithin, readRegular } from '@leti/records/files'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import type { Started } from '../session.js'
import { loadArtifacts } from './artifacts.js'
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

async function readModel(path: string): Promise<tf.io.ModelArtifacts> {
  const text = (await readRegular(path)).toString('utf8')
  return loadArtifacts(text, async (name) => {
    const weights = await fileWithin(dirname(path), name)
    if (weights === undefined) throw new Error('a weight file is outside the folder of the model')
    return toArrayBuffer(await readRegular(weights))
  })
}

function toArrayBuffer(buffer: Buffer): ArrayBuffer {
  return buffer.buffer.slice(
    buffer.byteOffset,
    buffer.byteOffset + buffer.byteLength,
  ) as ArrayBuffer
}

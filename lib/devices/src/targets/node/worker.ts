/**
 * The child process of the `node` target: a TensorFlow.js session behind messages. It runs apart, so
 * that a crash costs one record, and ends when its parent does.
 */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { messageOf } from '@leti/records'
import { TfjsSession } from '../../tfjs/session.js'
import type { SessionMethod } from '../../tfjs/remote.js'

export interface Request {
  readonly method: SessionMethod | 'start'
  readonly args: (string | number)[]
}

export type Response = { readonly result: unknown } | { readonly error: string }

/** The member of a model file that lists its weights. */
interface ModelJson extends tf.io.ModelJSON {
  weightsManifest: tf.io.WeightsManifestConfig
}

const session = new TfjsSession((path) => ({ load: () => readModel(path) }))

/** tfjs has no loader for files in Node without its native addon. */
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

async function start(backend: string): Promise<{ runtime: string }> {
  await tf.setBackend(backend)
  await tf.ready()
  return { runtime: `tfjs@${tf.version.tfjs}` }
}

async function answer({ method, args }: Request): Promise<unknown> {
  if (method === 'start') return start(...(args as [string]))
  return (session[method] as (...args: (string | number)[]) => unknown)(...args)
}

process.on('message', (request: Request) => {
  answer(request).then(
    (result) => process.send?.({ result } satisfies Response),
    (error: unknown) => process.send?.({ error: messageOf(error) } satisfies Response),
  )
})
process.on('disconnect', () => process.exit())

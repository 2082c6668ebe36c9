import { createHash, type Hash } from 'node:crypto'
import { mkdir, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GraphModel } from './graph-model.js'

/** The converter's own limit, so that browsers can cache the shards. */
const SHARD_BYTES = 4 * 1024 * 1024

export interface WrittenModel {
  /** The file to load. */
  readonly path: string
  /** Digest of `model.json` and the shards, in order. */
  readonly sha256: string
  readonly bytes: number
}

/**
 * Writes a graph model as the TensorFlow.js converter lays it out: `model.json` and the weights in
 * shards of 4 MiB. Holds one tensor at a time; `model.json` comes last, so that a folder that has one
 * is whole.
 *
 * @param folder made where it is missing
 * @throws the system's error where the folder cannot be written
 */
export async function writeGraphModel(model: GraphModel, folder: string): Promise<WrittenModel> {
  await mkdir(folder, { recursive: true })
  const hash = createHash('sha256')
  const { paths, bytes } = await writeShards(model, folder, hash)
  const json = JSON.stringify({
    format: 'graph-model',
    generatedBy: 'LETI',
    convertedBy: 'LETI',
    signature: model.signature,
    modelTopology: { node: model.nodes, library: {}, versions: { producer: 1882 } },
    weightsManifest: [{ paths, weights: model.weightSpecs }],
  })
  hash.update(json)
  const path = join(folder, 'model.json')
  await writeFile(`${path}.part`, json)
  await rename(`${path}.part`, path)
  return { path, sha256: hash.digest('hex'), bytes: bytes + Buffer.byteLength(json) }
}

async function writeShards(
  model: GraphModel,
  folder: string,
  hash: Hash,
): Promise<{ paths: string[]; bytes: number }> {
  const total = model.weightSpecs.reduce(
    (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 4),
    0,
  )
  const count = Math.ceil(total / SHARD_BYTES)
  const paths: string[] = []
  for (const shard of inShards(model.weights())) {
    const name = `group1-shard${paths.length + 1}of${count}.bin`
    const file = await open(join(folder, name), 'w')
    try {
      for (const piece of shard) {
        hash.update(piece)
        await file.write(piece)
      }
    } finally {
      await file.close()
    }
    paths.push(name)
  }
  return { paths, bytes: total }
}

/** The bytes of the tensors, cut into shards; a shard is the pieces of tensors that it holds. */
function* inShards(tensors: Iterable<Float32Array | Int32Array>): Generator<Uint8Array[]> {
  let shard: Uint8Array[] = []
  let room = SHARD_BYTES
  for (const tensor of tensors) {
    let rest = new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength)
    while (rest.length) {
      const piece = rest.subarray(0, room)
      shard.push(piece)
      rest = rest.subarray(piece.length)
      room -= piece.length
      if (room === 0) {
        yield shard
        shard = []
        room = SHARD_BYTES
      }
    }
  }
  if (shard.length) yield shard
}

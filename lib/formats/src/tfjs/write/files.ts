import { join } from 'node:path'
import { ModelWriter, type WrittenModel } from '../../model-writer.js'
import type { GraphModel } from './graph-model.js'

/** The converter's own limit, so that browsers can cache the shards. */
const SHARD_BYTES = 4 * 1024 * 1024

/**
 * Writes a graph model as the TensorFlow.js converter does: `model.json`, and the weights in shards of
 * 4 MiB. Holds one tensor at a time.
 *
 * @param folder empty
 * @throws the system's error if the folder cannot be written
 */
export async function writeGraphModel(model: GraphModel, folder: string): Promise<WrittenModel> {
  const writer = new ModelWriter()
  const paths = await writeShards(model, folder, writer)
  const json = JSON.stringify({
    format: 'graph-model',
    generatedBy: 'LETI',
    convertedBy: 'LETI',
    signature: model.signature,
    modelTopology: { node: model.nodes, library: {}, versions: { producer: 1882 } },
    weightsManifest: [{ paths, weights: model.weightSpecs }],
  })
  const path = join(folder, 'model.json')
  await writer.write(path, [Buffer.from(json)])
  return writer.written(path)
}

/** Returns the names of the shards. */
async function writeShards(
  model: GraphModel,
  folder: string,
  writer: ModelWriter,
): Promise<string[]> {
  const count = Math.ceil(model.weightBytes / SHARD_BYTES)
  const paths: string[] = []
  for (const shard of inShards(model.weights())) {
    const name = `group1-shard${paths.length + 1}of${count}.bin`
    await writer.write(join(folder, name), shard)
    paths.push(name)
  }
  return paths
}

/** Cuts the bytes of the tensors into shards; each shard is a list of pieces of tensors. */
function* inShards(tensors: Iterable<ArrayBufferView>): Generator<Uint8Array[]> {
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

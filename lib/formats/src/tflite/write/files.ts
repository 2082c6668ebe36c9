import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LetiError } from '@leti/records'
import { MAX_FILE_BYTES } from '@leti/records/files'
import { ModelWriter, type WrittenModel } from '../../model-writer.js'
import type { Graph } from './graph.js'
import { serialize, type Head } from './serialize.js'

/** Bytes. The schema demands this alignment of a buffer; runtimes and GPU delegates rely on it. */
const ALIGNMENT = 16

/**
 * Writes a graph as `model.tflite`: the tables, then the data of the buffers, one tensor at a time.
 *
 * @param folder created if missing
 * @param name of the model
 * @throws {LetiError} `unsupported` if the file would exceed the limit of a flatbuffer
 * @throws the system's error if the folder cannot be written
 */
export async function writeTflite(
  graph: Graph,
  folder: string,
  name: string,
): Promise<WrittenModel> {
  const head = serialize(graph, name)
  const starts = placeData(head)
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'model.tflite')
  const writer = new ModelWriter()
  await writer.write(path, pieces(head, starts))
  return writer.written(path)
}

/** Assigns a position to the data of each buffer and points the buffers there. Returns the positions. */
function placeData({ bytes, buffers }: Head): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = bytes.length
  return buffers.map(({ field, data }) => {
    // The data is a vector: its length precedes its first byte.
    const start = Math.ceil((end + 4) / ALIGNMENT) * ALIGNMENT
    end = start + data.bytes
    if (end > MAX_FILE_BYTES)
      throw new LetiError(
        'unsupported',
        'the model is larger than 2 GiB, the limit of a .tflite file',
      )
    view.setUint32(field, start - 4 - field, true)
    return start
  })
}

function* pieces({ bytes, buffers }: Head, starts: readonly number[]): Generator<Uint8Array> {
  yield bytes
  let end = bytes.length
  for (const [index, { data }] of buffers.entries()) {
    const gap = new Uint8Array(starts[index] - end)
    new DataView(gap.buffer).setUint32(gap.length - 4, data.bytes, true)
    yield gap
    yield* data.read()
    end = starts[index] + data.bytes
  }
}

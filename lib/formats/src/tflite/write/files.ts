import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LetiError } from '@leti/records'
import { ModelFiles, type WrittenModel } from '../../model-files.js'
import type { Graph } from './graph.js'
import { serialize, type Head } from './serialize.js'

/** What runtimes and GPU delegates count on, and the schema demands of a buffer. */
const ALIGNMENT = 16

/** A flatbuffer's offsets are signed: runtimes refuse a larger file. */
const MAX_BYTES = 2 ** 31 - 1

/**
 * Writes a graph as `model.tflite`: the tables first, then the data of the buffers, one tensor at a
 * time.
 *
 * @param folder made where it is missing
 * @param name of the model
 * @throws {LetiError} `unsupported` where the file would be larger than a flatbuffer can be
 * @throws the system's error where the folder cannot be written
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
  const files = new ModelFiles()
  await files.write(path, pieces(head, starts))
  return files.written(path)
}

/** Finds a place for the data of each buffer, and points the buffers to it. Returns the places. */
function placeData({ bytes, buffers }: Head): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = bytes.length
  return buffers.map(({ field, data }) => {
    // The data is a vector: its length stands before its first byte.
    const start = Math.ceil((end + 4) / ALIGNMENT) * ALIGNMENT
    end = start + data.bytes
    if (end > MAX_BYTES) throw new LetiError('unsupported', 'a .tflite file holds at most 2 GiB')
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
    yield data.read()
    end = starts[index] + data.bytes
  }
}

import { dirname } from 'node:path'
import { asLetiError, LetiError } from '@leti/records'
import {
  checkRegular,
  fileWithin,
  MAX_FILE_BYTES,
  readRegular,
  systemReason,
} from '@leti/records/files'
import { printable } from '../../importer/names.js'
import type { ModelPart } from '../../model-part.js'
import { ATTRIBUTE, DATA_LOCATION, ENTRY, GRAPH, MODEL, NODE, TENSOR } from '../schema.js'
import { damaged, Message } from './protobuf.js'

// Weights may lie in files beside an `.onnx` file, at most 2 GiB together.
// https://onnx.ai/onnx/repo-docs/ExternalData.html

/** The files of weights, by the names that the model gives them. */
export type ExternalFiles = ReadonlyMap<string, Uint8Array>

/** Limit on the number of files. */
const MAX_FILES = 4096

/**
 * The files of weights that a model names, each checked.
 *
 * @throws {LetiError} `bad-model`, `unsupported`
 */
export async function externalParts(path: string, bytes: Uint8Array): Promise<ModelPart[]> {
  const names = locationsOf(bytes)
  if (names.length > MAX_FILES) throw damaged(`it names ${names.length} files of weights`)
  const parts: ModelPart[] = []
  let total = 0
  for (const name of names) {
    const part = await partOf(dirname(path), name)
    total += part.bytes
    if (total > MAX_FILE_BYTES) {
      throw new LetiError('unsupported', 'the weights are larger than the limit of 2 GiB')
    }
    parts.push({ name, path: part.path })
  }
  return parts
}

/** Reads these files. @throws the system's error if one cannot be read */
export async function readExternal(parts: readonly ModelPart[]): Promise<ExternalFiles> {
  const files = new Map<string, Uint8Array>()
  for (const { name, path } of parts) files.set(name, await readRegular(path))
  return files
}

/** The bytes of a tensor that lies in another file. @throws {LetiError} */
export function externalBytes(tensor: Message, files: ExternalFiles | undefined): Uint8Array {
  const entries = entriesOf(tensor)
  const location = entries.get('location') ?? ''
  const file = files?.get(location)
  if (!file) {
    const label = printable(tensor.text(TENSOR.name))
    throw new LetiError(
      'unsupported',
      `tensor "${label}" lies in the file "${printable(location)}", which LETI does not read there; save the model as one file`,
    )
  }
  const offset = Number(entries.get('offset') ?? 0)
  const length = Number(entries.get('length') ?? file.length - offset)
  const fits = [offset, length].every((of) => Number.isSafeInteger(of) && of >= 0)
  if (fits && offset + length <= file.length) return file.subarray(offset, offset + length)
  throw damaged(`the file "${printable(location)}" beside it is too short`)
}

/** Limit on nested graphs. */
const MAX_DEPTH = 32

function locationsOf(bytes: Uint8Array): string[] {
  const graph = new Message(bytes).message(MODEL.graph)
  const names = (graph ? tensorsOf(graph) : [])
    .filter((tensor) => tensor.int(TENSOR.dataLocation) !== DATA_LOCATION.default)
    .map((tensor) => entriesOf(tensor).get('location') ?? '')
  return [...new Set(names)]
}

/** The tensors that a graph stores, with those of its constants and of the graphs that its nodes hold. */
function tensorsOf(graph: Message, depth = 0): Message[] {
  if (depth > MAX_DEPTH) throw new LetiError('unsupported', 'its graphs are nested too deeply')
  const attributes = graph.messages(GRAPH.node).flatMap((node) => node.messages(NODE.attribute))
  const inside = attributes.flatMap((attribute) => {
    const [tensor, inner] = [attribute.message(ATTRIBUTE.t), attribute.message(ATTRIBUTE.g)]
    return [...(tensor ? [tensor] : []), ...(inner ? tensorsOf(inner, depth + 1) : [])]
  })
  return [...graph.messages(GRAPH.initializer), ...inside]
}

function entriesOf(tensor: Message): Map<string, string> {
  const entries = tensor.messages(TENSOR.externalData)
  return new Map(entries.map((entry) => [entry.text(ENTRY.key), entry.text(ENTRY.value)]))
}

async function partOf(folder: string, name: string): Promise<{ path: string; bytes: number }> {
  const label = `the file of weights "${printable(name)}"`
  try {
    const path = await fileWithin(folder, name)
    if (path !== undefined) return { path, bytes: await checkRegular(path) }
  } catch (error) {
    if (asLetiError(error)) throw error
    const reason = systemReason(error)
    throw new LetiError('bad-model', `${label} cannot be read: ${reason}; put it beside the model`)
  }
  throw new LetiError('bad-model', `${label} is outside the folder of the model`)
}

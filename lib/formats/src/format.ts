import { extname } from 'node:path'
import type { Network } from '@leti/network'
import { LetiError } from '@leti/records'
import { readRegular } from '@leti/records/files'
import type { InputShapes } from './importer/input-shapes.js'
import type { ReadModel } from './importer/read-model.js'
import type { ModelPart } from './model-part.js'
import type { WrittenModel } from './model-writer.js'
import { onnxWeightParts, readOnnxFile, readOnnxFiles } from './onnx/read/file.js'
import { readTfjs, readTfjsFiles, tfjsWeightParts } from './tfjs/read/index.js'
import { writeGraphModel } from './tfjs/write/files.js'
import { toGraphModel } from './tfjs/write/graph-model.js'
import { readTflite } from './tflite/read/read.js'
import { writeTflite } from './tflite/write/files.js'
import { toGraph } from './tflite/write/to-graph.js'
import type { Weights, WeightType } from './weights/weights.js'
import type { Format } from './names.js'

/** The files of a model, open for reading. */
interface OpenedFiles {
  /** The bytes of all files, those of weights before the file that lists them. */
  readonly bytes: readonly Uint8Array[]
  readonly read: (name: string, asked: InputShapes | undefined) => ReadModel | Promise<ReadModel>
}

type Write = (
  network: Network,
  weights: Weights,
  weightType: WeightType,
  folder: string,
) => Promise<WrittenModel>

/** A model-file format. */
interface FormatEntry {
  /** Ending of the name of the file to load, in lower case. */
  readonly ending: string
  readonly open: (path: string) => Promise<OpenedFiles>
  /** The checked files of weights beside the file at `path`. Absent if it holds all weights. */
  readonly weightParts?: (path: string) => Promise<ModelPart[]>
  /** Writes a network into a folder of its own. Absent if LETI only reads the format. */
  readonly write?: Write
}

/** The registry of model-file formats. A new format is one entry here and a folder. */
const REGISTRY = {
  tfjs: {
    ending: '.json',
    async open(path) {
      const files = await readTfjsFiles(path)
      return { bytes: files.bytes, read: (name, asked) => readTfjs(files, name, asked) }
    },
    weightParts: tfjsWeightParts,
    write: (network, weights, weightType, folder) =>
      writeGraphModel(toGraphModel(network, weights, weightType), folder),
  },
  tflite: {
    ending: '.tflite',
    async open(path) {
      const bytes = await readRegular(path)
      return { bytes: [bytes], read: (name, asked) => readTflite(bytes, name, asked) }
    },
    write: (network, weights, weightType, folder) =>
      writeTflite(toGraph(network, weights, weightType), folder, network.name),
  },
  onnx: {
    ending: '.onnx',
    async open(path) {
      const files = await readOnnxFiles(path)
      return {
        bytes: [...files.external.values(), files.model],
        read: (name, asked) => readOnnxFile(files, name, asked),
      }
    },
    weightParts: onnxWeightParts,
  },
} as const satisfies Record<Format, FormatEntry & { write: Write }> & Record<string, FormatEntry>

const ENTRIES: readonly (readonly [string, FormatEntry])[] = Object.entries(REGISTRY)

/**
 * The format of the file with this name.
 *
 * @throws {LetiError} `unsupported` if its ending is none of a model file
 */
export function formatOf(path: string): FormatEntry & { readonly name: string } {
  const ending = extname(path).toLowerCase()
  const found = ENTRIES.find(([, entry]) => entry.ending === ending)
  if (found) return { name: found[0], ...found[1] }
  const endings = ENTRIES.map(([, entry]) => entry.ending)
  const expected = `${endings.slice(0, -1).join(', ')} or ${endings.at(-1)}`
  throw new LetiError('unsupported', `${path} is not a model file; expected ${expected}`)
}

/** The entry of a format by its name; undefined if LETI does not know it. */
export function formatByName(name: string): FormatEntry | undefined {
  return ENTRIES.find(([known]) => known === name)?.[1]
}

/** The function that writes a format. */
export function writerOf(format: Format): Write {
  return REGISTRY[format].write
}

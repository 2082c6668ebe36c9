import type { Network } from '@leti/network'
import type { InputShapes } from './importer/input-shapes.js'
import type { ReadModel } from './importer/read-model.js'
import type { WrittenModel } from './model-writer.js'
import { readOnnx } from './onnx/read/read.js'
import { readTfjs, readTfjsFiles } from './tfjs/read/index.js'
import { writeGraphModel } from './tfjs/write/files.js'
import { toGraphModel } from './tfjs/write/graph-model.js'
import { readTflite } from './tflite/read/read.js'
import { writeTflite } from './tflite/write/files.js'
import { toGraph } from './tflite/write/to-graph.js'
import type { Weights, WeightType } from './weights/weights.js'
import type { Format } from './names.js'
import { wholeFile } from './whole-file.js'

/** The files of a model, open for reading. */
interface OpenedFiles {
  /** The bytes of all files, those of weights before the file that lists them. */
  readonly bytes: readonly Uint8Array[]
  readonly read: (name: string, asked: InputShapes | undefined) => ReadModel
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
    write: (network, weights, weightType, folder) =>
      writeGraphModel(toGraphModel(network, weights, weightType), folder),
  },
  tflite: {
    ending: '.tflite',
    async open(path) {
      const bytes = await wholeFile(path)
      return { bytes: [bytes], read: (name, asked) => readTflite(bytes, name, asked) }
    },
    write: (network, weights, weightType, folder) =>
      writeTflite(toGraph(network, weights, weightType), folder, network.name),
  },
  onnx: {
    ending: '.onnx',
    async open(path) {
      const bytes = await wholeFile(path)
      return { bytes: [bytes], read: (name, asked) => readOnnx(bytes, name, asked) }
    },
  },
} as const satisfies Record<Format, Required<FormatEntry>> & Record<string, FormatEntry>

const ENTRIES: readonly (readonly [string, FormatEntry])[] = Object.entries(REGISTRY)

/** Endings of the names of model files that LETI reads. */
export const ENDINGS: readonly string[] = ENTRIES.map(([, { ending }]) => ending)

/** Finds the format of the files whose names have an ending such as `.onnx`. */
export function formatByEnding(ending: string): (FormatEntry & { name: string }) | undefined {
  const found = ENTRIES.find(([, entry]) => entry.ending === ending.toLowerCase())
  return found && { name: found[0], ...found[1] }
}

/** The function that writes a format. */
export function writerOf(format: Format): Write {
  return REGISTRY[format].write
}

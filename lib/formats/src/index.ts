import { join } from 'node:path'
import { networkCost, type Network } from '@leti/network'
import type { Model } from '@leti/records'
import { loweredNetwork } from './lowered.js'
import { readModel } from './model-file.js'
import type { WrittenModel } from './model-writer.js'
import { toGraphModel } from './tfjs/write/graph-model.js'
import { writeGraphModel } from './tfjs/write/files.js'
import { toGraph } from './tflite/write/to-graph.js'
import { writeTflite } from './tflite/write/files.js'
import { seededWeights } from './weights/seeded.js'
import type { Weights, WeightType } from './weights/weights.js'

export { modelName, readModel, type ModelFile } from './model-file.js'
export type { InputShapes } from './importer/input-shapes.js'
export type { ReadModel } from './importer/read-model.js'
export { FILE_SPACE, fileOfRecord, isOfFile, modelOfRecord } from './record.js'
export { floatInputShapes } from './tflite/read/float-inputs.js'
export { readTflite } from './tflite/read/read.js'
export { unknownOperators, type UnknownOperators } from './unknown-operators.js'
export { WEIGHT_TYPES, type Weights, type WeightType } from './weights/weights.js'

type Writer = (
  network: Network,
  weights: Weights,
  weightType: WeightType,
  folder: string,
) => Promise<WrittenModel>

/** How each format writes a network into a folder of its own. */
const WRITERS = {
  tfjs: (network, weights, weightType, folder) =>
    writeGraphModel(toGraphModel(network, weights, weightType), folder),
  tflite: (network, weights, weightType, folder) =>
    writeTflite(toGraph(network, weights, weightType), folder, network.name),
} as const satisfies Record<string, Writer>

export type Format = keyof typeof WRITERS

export const FORMATS = Object.keys(WRITERS) as Format[]

/** What a record's `model` says of a network that was not written: its format and its cost. */
export function describeModel(network: Network, format: Format): Model {
  const { parameters, macs } = networkCost(network)
  return { format, parameters, macs }
}

/**
 * Writes a network's model files into the folder `out/<name of the network>`.
 *
 * @param weights the numbers of the weights, or the seed to make them from
 * @param weightType how they are stored
 * @throws {LetiError} `unsupported` where the format has no such operator
 */
export async function writeModel(
  network: Network,
  format: Format,
  out: string,
  weights: Weights | number,
  weightType: WeightType = 'float32',
): Promise<Model> {
  const lowered = loweredNetwork(network)
  const source = typeof weights === 'number' ? seededWeights(lowered, weights) : weights
  const written = await WRITERS[format](lowered, source, weightType, join(out, network.name))
  const model = { ...describeModel(network, format), ...written }
  return weightType === 'float32' ? model : { ...model, weights: weightType }
}

/**
 * Writes a model file's network and weights in a format, into the folder `out/<name of the network>`.
 *
 * @throws {LetiError} `bad-model`, `unsupported`
 * @throws the system's error where a file cannot be read or written
 */
export async function convertModel(path: string, format: Format, out: string): Promise<Model> {
  const { network, weights } = await readModel(path)
  return writeModel(network, format, out, weights)
}

import { readFile, stat } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { networkCost, type Network } from '@leti/network'
import { LetiError, type Model } from '@leti/records'
import { loweredNetwork } from './lowered.js'
import type { WrittenModel } from './model-files.js'
import { toGraphModel } from './tfjs/graph-model.js'
import { writeGraphModel } from './tfjs/write.js'
import { cleanName } from './tflite/names.js'
import { parseTflite } from './tflite/parse.js'
import { readTflite, type ReadModel } from './tflite/read.js'
import { TENSOR_TYPE } from './tflite/schema.js'
import { toGraph } from './tflite/to-graph.js'
import { writeTflite } from './tflite/write.js'
import { seededWeights } from './weights/seeded.js'
import type { Weights, WeightType } from './weights/weights.js'

export { readTflite, type ReadModel } from './tflite/read.js'
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

/** What the largest flatbuffer holds, and Node reads at once. */
const MAX_BYTES = 2 ** 31 - 1

/**
 * Reads a `.tflite` file: its network, named after the file, and the numbers of its weights.
 *
 * @throws {LetiError} `bad-model`, `unsupported`
 * @throws the system's error where the file cannot be read
 */
export async function readModel(path: string): Promise<ReadModel> {
  return readTflite(await modelBytes(path), networkName(path))
}

/** The bytes of a file that ends. */
async function modelBytes(path: string): Promise<Uint8Array> {
  const file = await stat(path)
  if (!file.isFile()) throw new LetiError('bad-model', `${path} is no file`)
  if (file.size > MAX_BYTES) {
    throw new LetiError('unsupported', 'a .tflite file of more than 2 GiB')
  }
  return readFile(path)
}

/** What a network is called that a file holds: a name of a folder, which leads nowhere else. */
function networkName(path: string): string {
  const name = cleanName(parse(path).name)
  if (/^\.*$/.test(name)) throw new LetiError('unsupported', `${path}: a file without a name`)
  return name
}

/**
 * The shapes of a `.tflite` file's inputs, with their batch.
 *
 * @returns undefined where one is not float32
 * @throws {LetiError} `bad-model`, `unsupported`
 * @throws the system's error where the file cannot be read
 */
export async function floatInputShapes(
  path: string,
): Promise<readonly (readonly number[])[] | undefined> {
  const { tensors, inputs } = parseTflite(await modelBytes(path))
  const read = inputs.map((index) => tensors[index])
  return read.every(({ type }) => type === TENSOR_TYPE.float32)
    ? read.map(({ shape }) => shape)
    : undefined
}

/**
 * Writes a `.tflite` file's network and weights in a format, into the folder `out/<name of the file>`.
 *
 * @throws {LetiError} `bad-model`, `unsupported`
 * @throws the system's error where a file cannot be read or written
 */
export async function convertModel(path: string, format: Format, out: string): Promise<Model> {
  const { network, weights } = await readModel(path)
  return writeModel(network, format, out, weights)
}

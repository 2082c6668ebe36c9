import { access, constants, mkdir } from 'node:fs/promises'
import {
  describeModel,
  openNetwork,
  writeModel,
  type Format,
  type InputShapes,
  type WeightType,
} from '@leti/formats'
import { eachPlaced, eachRecord, type Io } from '@leti/pipe'
import { LetiError, messageOf, type LetiRecord } from '@leti/records'
import { fromFiles } from './from.js'
import { zooRecords, type ZooChoice } from './zoo.js'

interface GenModelOptions extends ZooChoice {
  readonly format: Format
  /** Folder to write to; without it, no files are written. */
  readonly out?: string | undefined
  /** Model files of the user. */
  readonly from?: readonly string[] | undefined
  readonly 'input-shape'?: InputShapes | undefined
  readonly weights: WeightType
  readonly seed: number
}

/** Adds the description of its model to each record, and writes the model's files with `--out`. */
export async function run(options: GenModelOptions, io: Io): Promise<void> {
  const { format, out, from, zoo, ncnn, weights, seed, files } = options
  if (!out && weights !== 'float32') {
    throw new LetiError('usage', '--weights requires --out')
  }
  if ([from, zoo, ncnn].filter(Boolean).length > 1) {
    throw new LetiError('usage', '--from, --zoo and --ncnn exclude each other')
  }
  const inputShape = options['input-shape']
  if (inputShape && !from) throw new LetiError('usage', '--input-shape requires --from')
  const records = zooRecords(options)
  if (out) await makeFolder(out)
  if (from) {
    return fromFiles(io, [...from, ...files], { format, out, weightType: weights, inputShape })
  }
  const generate = async (record: LetiRecord): Promise<LetiRecord> => {
    const network = await openNetwork(record)
    const model = describeModel(network, format)
    if (!out) return { ...record, model }
    const values = network.weights ?? seed
    const written = await writeModel(network.executed, format, out, values, weights)
    return { ...record, model: { ...model, ...written } }
  }
  if (!records) return eachRecord(io, 'gen-model', files, generate)
  const placed = records.map((record) => ({ record, text: '', place: record.id }))
  await eachPlaced(io, 'gen-model', placed, generate)
}

/** @throws {LetiError} `usage` if the folder cannot be created or written to */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (error) {
    throw new LetiError('usage', `--out: ${messageOf(error)}`)
  }
}

import {
  describeModel,
  openNetwork,
  type Format,
  type InputShapes,
  type WeightType,
} from '@leti/formats'
import { eachPlaced, eachRecord, type Io } from '@leti/pipe'
import { LetiError, type LetiRecord } from '@leti/records'
import { checkFiles, fromFiles } from './from.js'
import { openOut, writeFiles } from './out.js'
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
  if (out === undefined && weights !== 'float32') {
    throw new LetiError('usage', '--weights requires --out')
  }
  if ([from, zoo, ncnn].filter(Boolean).length > 1) {
    throw new LetiError('usage', '--from, --zoo and --ncnn exclude each other')
  }
  const inputShape = options['input-shape']
  if (inputShape && !from) throw new LetiError('usage', '--input-shape requires --from')
  if (out === '') throw new LetiError('usage', '--out must name a folder')
  const records = zooRecords(options)
  await checkFiles([...(from ?? []), ...files])
  const target = out === undefined ? undefined : { folder: out, format, weightType: weights }
  if (out !== undefined) await openOut(out)
  if (from) return fromFiles(io, [...from, ...files], { format, out: target, inputShape })
  const generate = async (record: LetiRecord): Promise<LetiRecord> => {
    const network = await openNetwork(record)
    const model = describeModel(network, format)
    if (!target) return { ...record, model }
    const written = await writeFiles(target, network.executed, network.weights ?? seed)
    return { ...record, model: { ...model, ...written } }
  }
  if (!records) return eachRecord(io, files, generate)
  const placed = records.map((record) => ({ record, text: '', place: record.id }))
  await eachPlaced(io, placed, generate)
}

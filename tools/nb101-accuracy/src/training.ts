import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { LetiError, messageOf } from '@leti/records'

/** The epoch budgets of the benchmark. */
export const EPOCHS = [4, 12, 36, 108] as const

/** What one evaluation measured. */
export interface Evaluation {
  readonly train: number
  readonly validation: number
  readonly test: number
  /** Seconds of training so far. */
  readonly training_s: number
}

/** One training of a cell. */
export interface Training {
  /** The public module hash. */
  readonly hash: string
  readonly epochs: (typeof EPOCHS)[number]
  readonly parameters: number
  readonly halfWay: Evaluation
  readonly end: Evaluation
}

/**
 * Parses a record of the benchmark: a JSON array of hash, epochs, adjacency, operations and metrics. The metrics are
 * a protobuf message in base64.
 * https://github.com/google-research/nasbench/blob/master/nasbench/lib/model_metrics.proto
 *
 * @throws {LetiError} `bad-input`
 */
export function parseTraining(data: Buffer): Training {
  const row = parsedRow(data)
  const [hash, epochs, , , metrics] = row
  if (typeof hash !== 'string' || !/^[0-9a-f]{32}$/.test(hash)) throw bad('it has no module hash')
  const known = EPOCHS.find((budget) => budget === epochs)
  if (!known) throw bad(`its number of epochs is not ${EPOCHS.join(', ')}`)
  if (typeof metrics !== 'string') throw bad('it has no metrics')
  return { hash, epochs: known, ...parseMetrics(Buffer.from(metrics, 'base64')) }
}

function parsedRow(data: Buffer): unknown[] {
  let row: unknown
  try {
    row = JSON.parse(data.toString())
  } catch (error) {
    throw bad(`it is no JSON: ${messageOf(error)}`)
  }
  if (Array.isArray(row)) return row
  throw bad('it is no JSON array')
}

/** ModelMetrics: three evaluations, at the start, half-way and at the end; the parameters. */
function parseMetrics(bytes: Buffer): Pick<Training, 'parameters' | 'halfWay' | 'end'> {
  const evaluations: Evaluation[] = []
  let parameters: number | undefined
  try {
    const reader = new BinaryReader(bytes)
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag()
      if (field === 1 && type === WireType.LengthDelimited) {
        evaluations.push(parseEvaluation(reader, reader.uint32()))
      } else if (field === 2 && type === WireType.Varint) parameters = reader.int32()
      else reader.skip(type)
    }
  } catch (error) {
    throw bad(`its metrics are damaged: ${messageOf(error)}`)
  }
  const [, halfWay, end] = evaluations
  if (evaluations.length !== 3 || !parameters || ![halfWay, end].every(isComplete)) {
    throw bad('its metrics are not three evaluations and a number of parameters')
  }
  return { parameters, halfWay, end }
}

/** EvaluationData: epoch, training time, and the accuracies in training, validation and test, as doubles. */
function parseEvaluation(reader: BinaryReader, length: number): Evaluation {
  const end = reader.pos + length
  const values = [NaN, NaN, NaN, NaN, NaN, NaN]
  while (reader.pos < end) {
    const [field, type] = reader.tag()
    if (field < values.length && type === WireType.Bit64) values[field] = reader.double()
    else reader.skip(type)
  }
  const [, , training_s, train, validation, test] = values
  return { train, validation, test, training_s }
}

function isComplete({ train, validation, test, training_s }: Evaluation): boolean {
  return [train, validation, test, training_s].every(Number.isFinite) && training_s > 0
}

function bad(message: string): LetiError {
  return new LetiError('bad-input', `the record is damaged: ${message}`)
}

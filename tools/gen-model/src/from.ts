import {
  describeModel,
  FILE_SPACE,
  modelName,
  readModel,
  unknownOperators,
  unknownWork,
  type Format,
  type InputShapes,
  type ModelFile,
} from '@leti/formats'
import { checkReadable, failedRecord, type Io, type Line } from '@leti/pipe'
import { asLetiError, LetiError, type LetiRecord, type Model } from '@leti/records'
import { systemReason } from '@leti/records/files'
import { shapeSuffix } from './input-shape.js'
import { writeFiles, type Out } from './out.js'

export interface FileOptions {
  readonly format: Format
  readonly out: Out | undefined
  readonly inputShape: InputShapes | undefined
}

/**
 * Writes a record for each model file that the user brings. The file `-` is a list of files on stdin,
 * one per line.
 */
export async function fromFiles(
  io: Io,
  files: readonly string[],
  options: FileOptions,
): Promise<void> {
  const progress = await io.writing(files.includes(LIST) ? 0 : files.length)
  try {
    for await (const { text, place } of listed(io, files)) {
      if (io.signal.aborted) return
      await io.write(await recordOf(io, text, place, options))
      progress.tick()
    }
  } finally {
    progress.stop()
  }
}

const LIST = '-'

/** @throws {LetiError} `usage` if a file cannot be read */
export async function checkFiles(files: readonly string[]): Promise<void> {
  for (const file of files) if (file !== LIST) await checkReadable(file)
}

async function* listed(io: Io, files: readonly string[]): AsyncGenerator<Line> {
  for (const file of files) {
    if (file === LIST) yield* io.lines([LIST])
    else yield { text: file, place: file }
  }
}

async function recordOf(
  io: Io,
  file: string,
  place: string,
  options: FileOptions,
): Promise<LetiRecord> {
  const name = modelName(file)
  const { inputShape } = options
  const asked = inputShape && { input_shape: inputShape }
  try {
    const model = await readModel(file, inputShape)
    warnOf(io, file, model)
    // The digest distinguishes files with the same name, and versions of one file.
    const suffix = inputShape ? shapeSuffix(inputShape) : ''
    const id = `${name}-${model.sha256.slice(0, 8)}${suffix}`
    const arch = { space: FILE_SPACE, file, sha256: model.sha256, ...asked }
    const unknown = unknownWork(model.network)
    const described = await modelOf(file, renamed(model, id), options)
    return { id, arch, model: described, ...(unknown && { unknown }) }
  } catch (error) {
    const record = { id: name, arch: { space: FILE_SPACE, file, ...asked } }
    return failedRecord(io, { record, place }, asLetiError(error) ?? missing(file, error))
  }
}

/** A `.tflite` with fixed sizes is measured unchanged. Other files are converted when they are measured. */
async function modelOf(file: string, model: ModelFile, options: FileOptions): Promise<Model> {
  const { network, weights, format, sha256, bytes, batch } = model
  const { out, inputShape } = options
  // The file comes from a converter: what is written is what runs.
  const graphs = { written: network, executed: network, batch }
  const described = describeModel(graphs, options.format)
  if (out) {
    const written = await writeFiles(out, network, weights)
    return { ...described, ...written }
  }
  if (format !== 'tflite' || inputShape) return described
  return { ...describeModel(graphs, format), path: file, sha256, bytes }
}

function renamed(model: ModelFile, name: string): ModelFile {
  return { ...model, network: { ...model.network, name } }
}

/** Warns about parts of the file that the network does not represent. */
function warnOf(io: Io, file: string, { network, isQuantized, batch }: ModelFile): void {
  if (batch !== undefined) {
    io.warn(
      `${file}: the file computes ${batch} inputs at once; read it at batch 1 with --input-shape`,
    )
  }
  if (isQuantized) io.warn(`${file}: the file is quantized; it is read as a float32 network`)
  const { count, total, names, macShare } = unknownOperators(network)
  if (count === 0) return
  const list = names.slice(0, 5).join(', ') + (names.length > 5 ? ', ...' : '')
  const are = count === 1 ? 'is' : 'are'
  const share = `about ${Math.round(100 * macShare)}% of the MACs`
  io.warn(`${file}: ${count} of ${total} operators ${are} unknown (${share}): ${list}`)
}

function missing(file: string, error: unknown): LetiError {
  return new LetiError('bad-arch', `cannot read the model ${file}: ${systemReason(error)}`, {
    cause: error,
  })
}

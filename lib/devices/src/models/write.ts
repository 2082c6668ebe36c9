import { convertModel, describeModel, openNetwork, writeModel, type Format } from '@leti/formats'
import { asLetiError, LetiError, messageOf, type LetiRecord, type Model } from '@leti/records'

/** Seed of the weights of the networks that are built here: gen-model's default. */
const SEED = 0

/**
 * Writes a record's model in a format into a folder: builds its network, or converts the file that it names.
 *
 * @returns its `model`
 * @throws {LetiError} `bad-arch`, `bad-model`, `unsupported`, `model-failed`
 */
export async function writeRecordModel(
  record: LetiRecord,
  format: Format,
  folder: string,
): Promise<Model> {
  try {
    return record.model?.path
      ? await convert(record.model, record.model.path, format, folder)
      : await build(record, format, folder)
  } catch (error) {
    throw asLetiError(error) ?? failure(error, folder)
  }
}

async function build(record: LetiRecord, format: Format, folder: string): Promise<Model> {
  const network = await openNetwork(record)
  const written = await writeModel(network.executed, format, folder, network.weights ?? SEED)
  return { ...describeModel(network, format), ...written }
}

async function convert(model: Model, path: string, format: Format, folder: string): Promise<Model> {
  const described: Model = { ...model, format, ...(await convertModel(path, format, folder)) }
  // The converted file stores its weights as float32.
  delete described.weights
  return described
}

/** Codes of the system's errors when a file does not fit. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

function failure(error: unknown, folder: string): LetiError {
  const isFull = FULL.has((error as NodeJS.ErrnoException).code ?? '')
  const message = isFull
    ? `the files of the model do not fit into ${folder}; set TMPDIR to a larger disk`
    : messageOf(error)
  return new LetiError('model-failed', message, { cause: error })
}

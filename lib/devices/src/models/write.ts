import {
  checkModel,
  convertModel,
  describeModel,
  openNetwork,
  writeModel,
  type Format,
} from '@leti/formats'
import { asLetiError, LetiError, messageOf, type LetiRecord, type Model } from '@leti/records'
import { systemReason } from '@leti/records/files'

/** Seed of the weights of the networks that are built here: gen-model's default. */
const SEED = 0

/**
 * Gives a record's model in a format: the files that it names, once they are checked, or files that are
 * written into a folder, from its network or from the files that it names.
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
      ? await given(record.model, record.model.path, format, folder)
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

async function given(model: Model, path: string, format: Format, folder: string): Promise<Model> {
  await checkReadable(model, path)
  if (model.format === format) return model
  const described: Model = {
    ...model,
    format,
    ...(await convertModel(path, format, folder)),
    ...(model.sha256 !== undefined && { converted_from: model.sha256 }),
  }
  // The converted file stores its weights as float32.
  delete described.weights
  return described
}

/** Only a model whose files are those that its record was made for is measured. */
async function checkReadable(model: Model, path: string): Promise<void> {
  try {
    await checkModel(path, model)
  } catch (error) {
    const unreadable = `cannot read the model ${path}: ${systemReason(error)}`
    throw asLetiError(error) ?? new LetiError('model-failed', unreadable, { cause: error })
  }
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

import { asLetiError } from '@leti/records'
import { readRegular } from '@leti/records/files'
import { FixedNumbers } from '../../importer/fixed-numbers.js'
import { inputShapes, type InputShapes } from '../../importer/input-shapes.js'
import type { ReadModel } from '../../importer/read-model.js'
import type { ModelPart } from '../../model-part.js'
import { runtimeTensors, type RuntimeTensors } from '../runtime/tensors.js'
import { externalParts, readExternal, type ExternalFiles } from './external.js'
import { parseOnnx, type OnnxModel } from './parse.js'
import { readParsed } from './read.js'
import { UntoldShape } from './untold-shape.js'

/** The bytes of an `.onnx` file and of the files of weights beside it. */
export interface OnnxFiles {
  readonly model: Uint8Array
  readonly external: ExternalFiles
}

/** @throws {LetiError} `bad-model`, `unsupported` */
export async function readOnnxFiles(path: string): Promise<OnnxFiles> {
  const model = await readRegular(path)
  return { model, external: await readExternal(await externalParts(path, model)) }
}

/** The checked files of weights beside the file at `path`. */
export async function onnxWeightParts(path: string): Promise<ModelPart[]> {
  return externalParts(path, await readRegular(path))
}

/**
 * Reads a file as `readOnnx` does. Where LETI cannot infer a shape or compute a constant, ONNX Runtime runs
 * the file once, and tells.
 *
 * @throws as `readOnnx`
 */
export async function readOnnxFile(
  { model, external }: OnnxFiles,
  name: string,
  asked: InputShapes | undefined,
): Promise<ReadModel> {
  const parsed = parseOnnx(model, external)
  try {
    return readParsed(parsed, name, asked)
  } catch (error) {
    if (!(asLetiError(error) instanceof UntoldShape)) throw error
    return readParsed(parsed, name, asked, await told(model, external, parsed, asked, error))
  }
}

async function told(
  model: Uint8Array,
  external: ExternalFiles,
  parsed: OnnxModel,
  asked: InputShapes | undefined,
  untold: unknown,
): Promise<RuntimeTensors> {
  try {
    const shapes = inputShapes(parsed.inputs, asked)
    const fixed = new FixedNumbers(asked)
    // ONNX Runtime may take another branch than the one that is asked for.
    if (!fixed.areOf(parsed.inputs.map((input) => input.name))) throw untold
    return await runtimeTensors(model, external, parsed, shapes, fixed)
  } catch (error) {
    const { operator } = untold as UntoldShape
    const isMissing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND'
    const why = isMissing
      ? ', and onnxruntime-web, which would tell it, is not installed'
      : ', and ONNX Runtime cannot run it'
    throw new UntoldShape(operator, why, error)
  }
}

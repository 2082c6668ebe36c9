import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const FOLDER = dirname(dirname(require.resolve('@vladmandic/human')))

/** The path of a TensorFlow.js graph model that the npm package ships. */
export function humanFile(model: string): string {
  return join(FOLDER, 'models', `${model}.json`)
}

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'

/** The model files at a path: the file itself, or those in a folder. */
export function modelFiles(path) {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true })
    .map((name) => join(path, name))
    .filter(isModel)
    .sort()
}

function isModel(path) {
  const ending = extname(path).toLowerCase()
  if (ending === '.tflite' || ending === '.onnx') return statSync(path).isFile()
  if (ending !== '.json' || !statSync(path).isFile()) return false
  return readFileSync(path, 'utf8').includes('"modelTopology"')
}

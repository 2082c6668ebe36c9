import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runInThisContext } from 'node:vm'
import { loadAndCompile, loadLiteRt, Tensor, type TensorDetails } from '@litertjs/core'

const require = createRequire(import.meta.url)
const WASM = join(dirname(require.resolve('@litertjs/core')), '../wasm')

/**
 * Loads LiteRT.js. It expects the globals of a web worker, and its Emscripten module those of CommonJS.
 * They are removed after loading, or else TensorFlow.js would take Node for a browser.
 */
async function load(): Promise<void> {
  const globals: Record<string, unknown> = {
    self: globalThis,
    // It logs a line for each model; errors are thrown.
    Module: { printErr: () => undefined },
    require,
    __dirname: WASM,
    importScripts: (script: string) => {
      const path = script.startsWith('file:') ? fileURLToPath(script) : script
      runInThisContext(readFileSync(path, 'utf8'), { filename: path })
    },
  }
  Object.assign(globalThis, globals)
  await loadLiteRt(`${WASM}/`)
  for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name)
}

let loading: Promise<void> | undefined

export interface LiteRtRun {
  readonly inputs: readonly TensorDetails[]
  readonly outputs: readonly TensorDetails[]
  readonly values: readonly Float32Array[]
}

/**
 * Runs a `.tflite` file in LiteRT.js, on its CPU backend.
 *
 * @param feed gives the numbers of an input, by its position and size
 * @throws if the runtime refuses the model
 */
export async function runInLiteRt(
  file: Uint8Array,
  feed: (input: number, size: number) => Float32Array,
): Promise<LiteRtRun> {
  await (loading ??= load())
  const model = await loadAndCompile(file, { accelerator: 'wasm' })
  const inputs = model.getInputDetails()
  const outputs = model.getOutputDetails()
  const fed = inputs.map(({ shape }, index) => {
    const size = shape.reduce((product, length) => product * length, 1)
    return new Tensor(feed(index, size), shape)
  })
  const results = await model.run(fed)
  const values = results.map((result) => Float32Array.from(result.toTypedArray()))
  for (const tensor of [...fed, ...results]) tensor.delete()
  model.delete()
  return { inputs, outputs, values }
}

/** Runs a model with LiteRT.js in Node: wasm, one thread. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'
import type { CompiledModel, Tensor } from '@litertjs/core'

/** Folder of LiteRT's wasm files; defined when the program is bundled. */
declare const LITERT_WASM: string

export interface RunnableModel {
  /** Total bytes of all inputs. */
  readonly inputBytes: number
  setInput(index: number, values: Float32Array): void
  readonly inputNames: readonly string[]
  run(): Promise<void>
  /** The outputs of the last run, in order. */
  outputs(): Promise<Float32Array[]>
}

/** @throws {Error} if LiteRT cannot load or compile the model */
export async function compile(bytes: Uint8Array): Promise<RunnableModel> {
  // The programs of the tests run for a moment: to optimize LiteRT's code takes longer than to run it.
  setFlagsFromString('--liftoff-only')
  const { loadLiteRt, loadAndCompile, Tensor: LiteRtTensor } = await importLiteRt()
  await loadLiteRt(LITERT_WASM)
  const model = await loadAndCompile(bytes, { accelerator: 'wasm' })
  const details = model.getInputDetails()
  const random = details.map(({ shape }) =>
    Float32Array.from({ length: sizeOf(shape) }, () => Math.random() - 0.5),
  )
  const inputs = details.map(({ shape }, i) => new LiteRtTensor(random[i], [...shape]))
  return runnable(model, inputs, (values, i) => new LiteRtTensor(values, [...details[i].shape]))
}

function runnable(
  model: CompiledModel,
  inputs: Tensor[],
  tensorOf: (values: Float32Array, index: number) => Tensor,
): RunnableModel {
  const details = model.getInputDetails()
  let last: Tensor[] = []
  return {
    inputBytes: details.reduce((total, { shape }) => total + 4 * sizeOf(shape), 0),
    inputNames: details.map(({ name }) => name),
    setInput: (index, values) => {
      inputs[index].delete()
      inputs[index] = tensorOf(values, index)
    },
    run: async () => {
      for (const tensor of last) tensor.delete()
      last = await model.run(inputs)
    },
    outputs: async () =>
      Promise.all(last.map(async (tensor) => (await tensor.data()) as Float32Array)),
  }
}

function sizeOf(shape: ArrayLike<number>): number {
  return Array.from(shape).reduce((product, size) => product * size, 1)
}

/** LiteRT.js expects a web worker; this defines the globals of one that it uses. */
function importLiteRt(): Promise<typeof import('@litertjs/core')> {
  Object.assign(globalThis, {
    self: globalThis,
    require: createRequire(join(LITERT_WASM, 'file.js')),
    __dirname: LITERT_WASM,
    importScripts: (url: string) => {
      const path = url.startsWith('file:') ? fileURLToPath(url) : url
      runInThisContext(readFileSync(path, 'utf8'), { filename: path })
    },
  })
  return import('@litertjs/core')
}

import { readFileSync, writeFileSync } from 'node:fs'
import type { FlagValue } from './flags.js'
import type { GraphNode } from './graph.js'
import { readGraph } from './graph.js'
import { compile, type RunnableModel } from './litert.js'

export interface LoadedModel {
  readonly model: RunnableModel
  readonly graph: GraphNode[]
  readonly bytes: number
}

/** @throws {Error} if the file is missing or LiteRT cannot run it */
export async function load(path: string): Promise<LoadedModel> {
  const bytes = new Uint8Array(readFileSync(path))
  if (new TextDecoder().decode(bytes.subarray(4, 8)) !== 'TFL3')
    throw new Error('not a TFLite model: no TFL3')
  return { model: await compile(bytes), graph: readGraph(bytes), bytes: bytes.length }
}

/** `--input_layer_value_files=NAME:FILE,NAME:FILE`: raw values. @throws {Error} on a wrong size */
export function readInputs(model: RunnableModel, files: FlagValue): void {
  for (const pair of String(files).split(',').filter(Boolean)) {
    const colon = pair.indexOf(':')
    const index = model.inputNames.indexOf(pair.slice(0, colon))
    const bytes = readFileSync(pair.slice(colon + 1))
    const values = new Float32Array(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    )
    model.setInput(Math.max(index, 0), values)
  }
}

/** `--output_filepath=FILE`: writes the outputs' raw values, in order. */
export async function writeOutputs(
  model: RunnableModel,
  file: FlagValue,
  change: (value: number) => number,
): Promise<void> {
  if (!file) return
  const outputs = await model.outputs()
  const bytes = outputs.map((values) => Buffer.from(new Uint8Array(values.map(change).buffer)))
  writeFileSync(String(file), Buffer.concat(bytes))
}

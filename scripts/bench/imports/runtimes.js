import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { loadAndCompile, Tensor } from '@litertjs/core'
import { start as startLitert } from '../../../lib/devices/dist/runtimes/litert/node.js'

const require = createRequire(new URL('../../../lib/formats/package.json', import.meta.url))

/** Integers are 0: the index of a first row, whatever the table. */
function numbers(type, size, seed) {
  if (/int|bool/.test(type)) return new Array(size).fill(0)
  let state = (seed + 1) * 2654435761
  return Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

const WORKER_GLOBALS = ['self', 'importScripts', 'ModuleFactory', 'Module']

const sizesOf = ({ shape }) => shape.filter((size) => size !== 1).join('x')
const sizeOf = (shape) => shape.reduce((product, size) => product * size, 1)

/**
 * Runs a file in the runtime that it is made for.
 *
 * @param asked shapes of open inputs, by their names
 * @returns its inputs and outputs: shapes and values
 */
export function runFile(file, format, asked = {}) {
  return { tflite: runTflite, onnx: runOnnx, tfjs: runTfjs }[format](file, asked)
}

async function runTflite(file, asked) {
  if (Object.keys(asked).length > 0) throw new Error('LiteRT.js cannot resize inputs')
  const said = []
  // LiteRT.js only logs that a run failed.
  Object.assign(globalThis, {
    Module: { printErr: (line) => said.push(line) },
  })
  await startLitert()
  // TensorFlow.js would take a process with the globals of a web worker for a browser.
  for (const name of WORKER_GLOBALS) Reflect.deleteProperty(globalThis, name)
  const model = await loadAndCompile(readFileSync(file), {
    accelerator: 'wasm',
  })
  const inputs = model.getInputDetails().map(({ shape, dtype }, seed) => {
    const sizes = [...shape]
    return { shape: sizes, dtype, values: numbers(dtype, sizeOf(sizes), seed) }
  })
  const fed = inputs.map(({ shape, dtype, values }) => {
    const array = dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)
    return new Tensor(array, shape)
  })
  const results = await model.run(fed)
  if (said.some((line) => line.includes('Failed to'))) throw new Error('LiteRT.js cannot run it')
  const details = model.getOutputDetails()
  const outputs = results.map((result, index) => ({
    shape: [...details[index].shape],
    values: Float64Array.from(result.toTypedArray()),
  }))
  return { inputs, outputs }
}

async function runOnnx(file, asked) {
  const ort = require('onnxruntime-web')
  ort.env.logLevel = 'fatal'
  const session = await ort.InferenceSession.create(readFileSync(file), {
    logSeverityLevel: 4,
  })
  const inputs = session.inputMetadata.map(({ name, type, shape }, seed) => {
    const sizes =
      asked[name] ?? shape.map((size) => (typeof size === 'number' && size > 0 ? size : 1))
    return {
      name,
      type,
      shape: sizes,
      values: numbers(type, sizeOf(sizes), seed),
    }
  })
  const feeds = inputs.map(({ name, type, shape, values }) => [
    name,
    onnxTensor(ort, type, values, shape),
  ])
  const results = await session.run(Object.fromEntries(feeds))
  const outputs = session.outputNames.map((name) => ({
    shape: [...results[name].dims],
    values: Float64Array.from(results[name].data, Number),
  }))
  return { inputs, outputs }
}

function onnxTensor(ort, type, values, shape) {
  if (type === 'int64') return new ort.Tensor(type, BigInt64Array.from(values, BigInt), shape)
  if (type === 'bool') return new ort.Tensor(type, values.map(Boolean), shape)
  return new ort.Tensor(type, values, shape)
}

async function runTfjs(file, asked) {
  const { tf, model } = await loadedTfjs(file)
  const inputs = model.inputs.map(({ name, shape, dtype }, seed) => {
    const bare = name.replace(/:0$/, '')
    const sizes = asked[name] ?? asked[bare] ?? shape.map((size) => Math.max(size ?? 1, 1))
    return {
      name,
      dtype,
      shape: sizes,
      values: numbers(dtype, sizeOf(sizes), seed),
    }
  })
  const tensors = inputs.map(({ values, shape, dtype }) => tf.tensor(values, shape, dtype))
  return { inputs, outputs: await outputsOf(model, tensors) }
}

async function loadedTfjs(file) {
  const tf = require('@tensorflow/tfjs')
  require('@tensorflow/tfjs-backend-wasm')
  await tf.setBackend('wasm')
  const json = JSON.parse(readFileSync(file, 'utf8'))
  const parts = json.weightsManifest.flatMap(({ paths }) => paths)
  const data = Buffer.concat(parts.map((part) => readFileSync(join(dirname(file), part))))
  const artifacts = {
    ...json,
    weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
    weightData: new Uint8Array(data).buffer,
  }
  const isGraph = Array.isArray(json.modelTopology.node)
  const load = isGraph ? tf.loadGraphModel : tf.loadLayersModel
  return { tf, model: await load({ load: () => Promise.resolve(artifacts) }) }
}

async function outputsOf(model, tensors) {
  const results = model.executeAsync ? await model.executeAsync(tensors) : model.predict(tensors)
  return [results].flat().map((result) => ({
    shape: result.shape,
    values: Float64Array.from(result.dataSync()),
  }))
}

/**
 * Runs a model that LETI wrote for TensorFlow.js, with the numbers that the original file got.
 *
 * @returns the values of each output
 */
export async function runWritten(path, { nodes }, inputs, format) {
  const { tf, model } = await loadedTfjs(path)
  const shapes = nodes.filter(({ operator }) => operator.type === 'input').map(({ shape }) => shape)
  const tensors = model.inputs.map(({ name }, index) => {
    const at = nodes
      .filter(({ operator }) => operator.type === 'input')
      .findIndex((of) => of.name === name.replace(/:0$/, ''))
    const { shape, values } = inputs[at < 0 ? index : at]
    const plain = tf.tensor(values, shape, 'float32')
    const own = [1, ...shapes[at < 0 ? index : at]]
    const isMoved = format === 'onnx' && shape.length > 2
    const last = [0, ...shape.slice(2).map((_, axis) => axis + 2), 1]
    const moved = isMoved ? tf.transpose(plain, last) : plain
    return (sizesOf(moved) === sizesOf({ shape: own }) ? moved : plain).reshape(own)
  })
  return (await outputsOf(model, tensors)).map(({ values }) => values)
}

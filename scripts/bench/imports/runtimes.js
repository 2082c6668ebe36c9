import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { loadAndCompile, Tensor } from '@litertjs/core'
import { Message } from '../../../lib/formats/dist/onnx/read/protobuf.js'
import { tensorConstant } from '../../../lib/formats/dist/onnx/read/tensor.js'
import { DATA_TYPE, TENSOR } from '../../../lib/formats/dist/onnx/schema.js'
import { registerCustomLayers } from './custom-layers.js'
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
 * @param asked shapes of open inputs, or their numbers, by their names
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

/** A test of the package `onnx` has its inputs and outputs beside it. */
async function runOnnx(file, asked) {
  const data = join(dirname(file), 'test_data_set_0')
  if (existsSync(data) && Object.keys(asked).length === 0) {
    return { inputs: storedTensors(data, 'input'), outputs: storedTensors(data, 'output') }
  }
  const ort = require('onnxruntime-web')
  ort.env.logLevel = 'fatal'
  const session = await ort.InferenceSession.create(readFileSync(file), {
    logSeverityLevel: 4,
  })
  checkFixed(asked, session.inputNames)
  const inputs = session.inputMetadata.map(({ name, type, shape }, seed) => {
    const stated = shape.map((size) => (typeof size === 'number' && size > 0 ? size : 1))
    return { name, type, ...given(asked[name], stated, type, seed) }
  })
  const feeds = inputs.map(({ name, type, shape, values }) => [
    name,
    onnxTensor(ort, type, values, shape),
  ])
  const results = await session.run(Object.fromEntries(feeds)).finally(() => session.release())
  const outputs = session.outputNames.map((name) => ({
    shape: [...results[name].dims],
    isHalf: results[name].type === 'float16',
    values: Float64Array.from(results[name].data, Number),
  }))
  return { inputs, outputs }
}

/** The shape and the numbers of an input. @param asked its shape, or its number */
function given(asked, stated, type, seed) {
  const isFixed = typeof asked === 'number'
  const shape = (isFixed ? undefined : asked) ?? stated
  const size = sizeOf(shape)
  return {
    shape,
    isFixed,
    values: isFixed ? new Array(size).fill(asked) : numbers(type, size, seed),
  }
}

/** A runtime chooses a branch by its inputs, not as the user asks LETI to. */
function checkFixed(asked, names) {
  const bare = names.map((name) => name.replace(/:0$/, ''))
  const of = Object.keys(asked).find((name) => ![...names, ...bare].includes(name))
  if (of !== undefined) throw new Error(`no input "${of}" to set`)
}

const HALVES = [DATA_TYPE.float16, DATA_TYPE.bfloat16]

function storedTensors(folder, kind) {
  const names = readdirSync(folder).filter((name) => name.startsWith(`${kind}_`))
  const inOrder = names.sort((a, b) => parseInt(a.split('_')[1]) - parseInt(b.split('_')[1]))
  return inOrder.map((name) => {
    const tensor = new Message(readFileSync(join(folder, name)))
    const { shape, read } = tensorConstant(tensor)
    const isHalf = HALVES.includes(tensor.int(TENSOR.dataType))
    return { shape, isHalf, values: Float64Array.from(read()) }
  })
}

function onnxTensor(ort, type, values, shape) {
  if (type === 'int64') return new ort.Tensor(type, BigInt64Array.from(values, BigInt), shape)
  if (type === 'bool') return new ort.Tensor(type, values.map(Boolean), shape)
  return new ort.Tensor(type, values, shape)
}

async function runTfjs(file, asked) {
  const { tf, model } = await loadedTfjs(file)
  const inputs = model.inputs.map(({ name, shape, dtype }, seed) => {
    const stated = (shape ?? []).map((size) => Math.max(size ?? 1, 1))
    const own = asked[name] ?? asked[name.replace(/:0$/, '')]
    return { name, dtype, ...given(own, stated, dtype, seed) }
  })
  const tensors = inputs.map(({ values, shape, dtype }) => tf.tensor(values, shape, dtype))
  return { inputs, outputs: await outputsOf(model, tensors) }
}

async function loadedTfjs(file) {
  const tf = require('@tensorflow/tfjs')
  require('@tensorflow/tfjs-backend-wasm')
  await tf.setBackend('wasm')
  registerCustomLayers(tf)
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
 * @param isMoved whether the channels of images come last in the written model, but not in the original
 * @returns the values of each output
 */
export async function runWritten(path, { nodes }, inputs, isMoved) {
  const { tf, model } = await loadedTfjs(path)
  const shapes = nodes.filter(({ operator }) => operator.type === 'input').map(({ shape }) => shape)
  const tensors = model.inputs.map(({ name }, index) => {
    const at = nodes
      .filter(({ operator }) => operator.type === 'input')
      .findIndex((of) => of.name === name.replace(/:0$/, ''))
    const { shape, values } = inputs[at < 0 ? index : at]
    const plain = tf.tensor(Float32Array.from(values), shape)
    const own = [1, ...shapes[at < 0 ? index : at]]
    const moved = isMoved && shape.length === 4 ? tf.transpose(plain, [0, 2, 3, 1]) : plain
    return (sizesOf(moved) === sizesOf({ shape: own }) ? moved : plain).reshape(own)
  })
  return (await outputsOf(model, tensors)).map(({ values }) => values)
}

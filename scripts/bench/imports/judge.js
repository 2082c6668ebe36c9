// Imports one file, compares it with its runtime, and prints what came of it as the last line, in JSON.
//
//   node scripts/bench/imports/judge.js FILE
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { readModel, unknownOperators, writeModel } from '../../../lib/formats/dist/index.js'
import { networkCost } from '../../../lib/network/dist/index.js'
import { runFile, runWritten } from './runtimes.js'

/** What an open size becomes; an open batch is 1. */
const OPEN_SIZE = 64
/** Relative to the largest output. */
const TOLERANCE = 1e-4

const [file] = process.argv.slice(2)
const format = { '.onnx': 'onnx', '.tflite': 'tflite' }[extname(file).toLowerCase()] ?? 'tfjs'
console.log(`\n${JSON.stringify({ format, ...(await judge()) })}`)
process.exit(0)

async function judge() {
  const { model, asked, error } = await imported()
  if (!model) return refusal(error)
  const { network, isQuantized } = model
  const { count, names, macShare } = unknownOperators(network)
  const { macs, parameters } = networkCost(network)
  const read = {
    outcome: count > 0 ? 'unknown' : 'whole',
    macs,
    parameters,
    macShare,
  }
  const shown = count > 0 ? `${(100 * macShare).toFixed(0)}% in ${names.join(', ')}` : undefined
  const ran = await attempt(() => runFile(file, format, asked))
  if (ran.error) return { ...read, detail: shown ?? `not run: ${firstLine(ran.error)}` }
  const wrong = wrongShapes(network, ran.value.outputs)
  if (wrong) return { ...read, outcome: 'wrong', detail: wrong }
  if (count > 0 || isQuantized)
    return { ...read, detail: shown ?? 'quantized: values not compared' }
  const off = await attempt(() => difference(model, ran.value))
  if (off.error) return { ...read, detail: `not rewritten: ${firstLine(off.error)}` }
  const apart = off.value > TOLERANCE ? { outcome: 'wrong', detail: 'its outputs are apart' } : {}
  return { ...read, off: off.value, ...apart }
}

/** Reads the file; a size that it leaves open is set, as the error says. */
async function imported() {
  let asked
  for (let round = 0; ; round++) {
    const { value, error } = await attempt(() => readModel(file, asked))
    if (value) return { model: value, asked }
    const open = [
      ...String(error.message).matchAll(/([^\s:]+(?::\d+)?):([\d?]+(?:,[\d?]+)*)(?=[\s;.)]|$)/g),
    ]
    const isOpen = error.code === 'unsupported' && /--input-shape/.test(error.message)
    if (!isOpen || open.length === 0 || round > 8) return { error }
    asked = {
      ...asked,
      ...Object.fromEntries(open.map(([, name, sizes]) => [name, sized(sizes)])),
    }
  }
}

function sized(sizes) {
  return sizes.split(',').map((size, axis) => (size !== '?' ? Number(size) : axis ? OPEN_SIZE : 1))
}

/** A refusal is right unless the file's runtime loads what is called damaged. */
async function refusal(error) {
  const detail = firstLine(error)
  if (!error.code) return { outcome: 'wrong', detail: `crashed: ${detail}` }
  if (error.code !== 'bad-model') return { outcome: 'refused', detail }
  const ran = await attempt(() => runFile(file, format, undefined))
  return { outcome: ran.error ? 'refused' : 'wrong', detail }
}

/** Compares sizes without their order and without ones: LETI puts channels last and drops the batch. */
function wrongShapes({ nodes, outputs }, expected) {
  const key = (shape) =>
    shape
      .filter((size) => size !== 1)
      .sort((a, b) => a - b)
      .join('x')
  const read = outputs.map((output) => key(nodes[output].shape)).sort()
  const own = expected.map(({ shape }) => key(shape)).sort()
  return read.join() === own.join() ? undefined : `outputs ${read.join()} instead of ${own.join()}`
}

/**
 * The largest difference of the outputs of the rewritten model, relative to the largest output, before a
 * final sigmoid or softmax.
 */
async function difference({ network, weights }, { inputs, outputs }) {
  const folder = mkdtempSync(join(tmpdir(), 'leti-bench-'))
  try {
    const { path } = await writeModel(network, 'tfjs', folder, weights)
    const again = await runWritten(path, network, inputs, format)
    const differences = outputs.map(({ values }, index) => {
      const before = beforeLast(network.nodes[network.outputs[index]]?.operator.type)
      return Math.min(...again.map((of) => apart(of.map(before), values.map(before))))
    })
    return Math.max(...differences)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Undoes a final sigmoid or softmax, whose small values runtimes approximate. */
function beforeLast(type) {
  const positive = (value) => Math.max(value, 1e-3)
  if (type === 'sigmoid') return (value) => Math.log(positive(value) / positive(1 - value))
  return type === 'softmax' ? (value) => Math.log(positive(value)) : (value) => value
}

/** Sorted, since the order of axes may differ. */
function apart(actual, values) {
  if (actual.length !== values.length) return Infinity
  const [a, b] = [actual, values].map((of) => Float64Array.from(of).sort())
  const scale = Math.max(Math.abs(b[0] ?? 0), Math.abs(b.at(-1) ?? 0), 1e-6)
  let most = 0
  a.forEach((value, at) => (most = Math.max(most, Math.abs(value - b[at]) / scale)))
  return most
}

async function attempt(run) {
  try {
    return { value: await run() }
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }
}

function firstLine({ message }) {
  return String(message).split('\n')[0].slice(0, 200)
}

// Imports files, compares each with its runtime, and prints what came of it as a line of JSON.
//
//   node scripts/bench/imports/judge.js [--no-run] FILE..
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { readModel, unknownOperators, writeModel } from '../../../lib/formats/dist/index.js'
import { networkCost } from '../../../lib/network/dist/index.js'
import { runFile, runWritten } from './runtimes.js'

/**
 * What an open size becomes in the first input that has one, and in the others: the next where one does not do, as
 * for a line of text, for sound, or for the state of a recurrent layer. An open batch is 1.
 */
const OPEN_SIZES = [64, 32, 512, 16000].flatMap((size) => [
  [size, size],
  [size, 1],
])
/** Relative to the largest output; to 1 if that is less, before a final sigmoid or softmax. */
const TOLERANCE = 1e-4
/** LETI computes in float32: an output in half precision is off by as much as that rounds. */
const HALF_TOLERANCE = 5e-3

const isRun = process.argv[2] !== '--no-run'

for (const file of process.argv.slice(isRun ? 2 : 3)) {
  const format = formatOf(file)
  console.log(`\n${JSON.stringify({ file, format, ...(await judge(file, format)) })}`)
}
process.exit(0)

function formatOf(file) {
  return { '.onnx': 'onnx', '.tflite': 'tflite' }[extname(file).toLowerCase()] ?? 'tfjs'
}

async function judge(file, format) {
  const { model, asked, error } = await imported(file)
  if (!model) return refusal(error, file, format)
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
  if (!isRun) return { ...read, detail: shown }
  const ran = await attempt(() => runFile(file, format, asked))
  if (ran.error) return { ...read, detail: shown ?? `not run: ${firstLine(ran.error)}` }
  const wrong = wrongShapes(network, ran.value.outputs)
  if (wrong) return { ...read, outcome: 'wrong', detail: wrong }
  if (count > 0 || isQuantized)
    return { ...read, detail: shown ?? 'quantized: values not compared' }
  const off = await attempt(() => difference(model, ran.value, format))
  if (off.error) return { ...read, detail: `not rewritten: ${firstLine(off.error)}` }
  const tolerance = ran.value.outputs.some((of) => of.isHalf) ? HALF_TOLERANCE : TOLERANCE
  const apart = off.value > tolerance ? { outcome: 'wrong', detail: 'its outputs are apart' } : {}
  return { ...read, off: off.value, ...apart }
}

/**
 * Reads the file; what it leaves open is set, as the errors say. The first choice of sizes counts that is read
 * whole, or else the first that is read.
 */
async function imported(file) {
  let read
  let failed
  const sizes = [...OPEN_SIZES]
  for (const [size, others] of sizes) {
    const { value, error, asked, isSized } = await importedAt(file, size, others)
    if (value && unknownOperators(value.network).count === 0) return { model: value, asked }
    if (value) read ??= { model: value, asked }
    failed ??= { error }
    if (!isSized) break
    // The error may say the size.
    const [, fitting] = /its weights have (\d+)/.exec(error?.message ?? '') ?? []
    const isNew = fitting && !sizes.some(([of]) => of === Number(fitting))
    if (isNew) sizes.splice(sizes.findIndex(([of]) => of === size) + 1, 0, [Number(fitting), 1])
  }
  return read ?? failed
}

/** @param others open sizes of inputs after the first open one */
async function importedAt(file, size, others) {
  let asked
  let isSized = false
  for (;;) {
    const result = await attempt(() => readModel(file, asked))
    const { shapes, fixed } = result.error ? saidBy(result.error) : { shapes: [], fixed: [] }
    // No image is as long as sound.
    if (size > 1e4 && shapes.some(([, , sizes]) => sizes.split('?').length > 2)) return result
    const news = [
      ...shapes.map(([, name, sizes], index) => [name, sized(sizes, index ? others : size)]),
      ...fixed.map(([, name, number]) => [name, Number(number)]),
    ].filter(([name]) => asked?.[name] === undefined)
    if (news.length === 0) return { ...result, asked, isSized }
    isSized ||= shapes.some(([, , sizes]) => sizes.includes('?'))
    asked = { ...Object.fromEntries(news), ...asked }
  }
}

/** What the error says to set: names and sizes, or numbers. */
function saidBy({ code, message }) {
  const [, list = ''] = /--input-shape (.*)$/.exec(String(message)) ?? []
  if (code !== 'unsupported') return { shapes: [], fixed: [] }
  return {
    shapes: [...list.matchAll(/([^\s:']+(?::\d+)?):([\d?]+(?:,[\d?]+)*)(?=[\s;.)']|$)/g)],
    fixed: [...list.matchAll(/([^\s']+)=(-?\d+(?:\.\d+)?)(?=[\s,;)']|$)/g)].slice(0, 1),
  }
}

function sized(sizes, open) {
  return sizes.split(',').map((size, axis) => (size !== '?' ? Number(size) : axis ? open : 1))
}

/** A refusal is right unless the file's runtime loads what is called damaged. */
async function refusal(error, file, format) {
  const detail = firstLine(error)
  if (!error.code) return { outcome: 'wrong', detail: `crashed: ${detail}` }
  if (error.code !== 'bad-model' || !isRun) return { outcome: 'refused', detail }
  const ran = await attempt(() => runFile(file, format))
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
async function difference({ network, weights }, { inputs: all, outputs }, format) {
  const inputs = all.filter(({ isFixed }) => !isFixed)
  const folder = mkdtempSync(join(tmpdir(), 'leti-bench-'))
  try {
    const { path } = await writeModel(network, 'tfjs', folder, weights)
    // LETI reads images of ONNX with their channels last, unless the file transposes them itself.
    const orders = format === 'onnx' ? [true, false] : [false]
    let nearest = Infinity
    for (const isMoved of orders) {
      const again = await runWritten(path, network, inputs, isMoved)
      nearest = Math.min(nearest, farthest(network, outputs, again))
      if (nearest <= TOLERANCE) break
    }
    return nearest
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The largest difference of an output from the nearest of those of the rewritten model. */
function farthest(network, outputs, again) {
  const differences = outputs.map(({ values }, index) => {
    const before = beforeLast(finalType(network, network.outputs[index]))
    const least = before === unchanged ? 1e-6 : 1
    return Math.min(...again.map((of) => apart(of.map(before), values.map(before), least)))
  })
  return Math.max(...differences)
}

/** The type of the last operator that computes more than an order, a shape or a mean. */
function finalType({ nodes }, output) {
  const { operator, inputs } = nodes[output] ?? {}
  const isMoved = ['reshape', 'squeeze', 'transpose', 'mean'].includes(operator?.type)
  return isMoved ? finalType({ nodes }, inputs[0]) : operator?.type
}

/** Undoes a final sigmoid or softmax, whose small values runtimes approximate. */
function beforeLast(type) {
  const positive = (value) => Math.max(value, 1e-3)
  if (type === 'sigmoid') return (value) => Math.log(positive(value) / positive(1 - value))
  return type === 'softmax' ? (value) => Math.log(positive(value)) : unchanged
}

function unchanged(value) {
  return value
}

/** Sorted, since the order of axes may differ. @param least number to which the difference is relative */
function apart(actual, values, least) {
  if (actual.length !== values.length) return Infinity
  const [a, b] = [actual, values].map((of) => Float64Array.from(of).sort())
  // What is no number on both sides is equal; NaN comes last.
  if (countNaN(a) !== countNaN(b)) return Infinity
  const scale = b.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    least,
  )
  let most = 0
  a.forEach((value, at) => {
    if (value !== b[at] && !Number.isNaN(value)) {
      most = Math.max(most, Math.abs(value - b[at]) / scale)
    }
  })
  return most
}

function countNaN(values) {
  return values.reduce((count, value) => count + Number.isNaN(value), 0)
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

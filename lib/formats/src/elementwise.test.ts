import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ELEMENTWISE_FUNCTIONS,
  ELEMENTWISE_TYPES,
  NetworkBuilder,
  type ElementwiseType,
  type Network,
} from '@leti/network'
import { describe, expect, test } from 'vitest'
import { readModel, writeModel } from './index.js'
import { runInLiteRt } from './litert.fixture.js'
import { onnxBytes, runInOnnxRuntime } from './onnx.fixture.js'
import { FUNCTIONS as ONNX_FUNCTIONS } from './onnx/read/elementwise.js'
import { readOnnx } from './onnx/read/read.js'
import { expectAlike, feed } from './outputs.fixture.js'
import { runInTfjs } from './tfjs.fixture.js'
import { FUNCTIONS as TFJS_FUNCTIONS } from './tfjs/elementwise.js'
import { FUNCTIONS as TFLITE_FUNCTIONS } from './tflite/elementwise.js'

// Every function of one element, in every format that has it. The formats' tables are the source: a new
// function needs no line here.

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const SHAPE = [6, 5, 4]

describe.each(ELEMENTWISE_TYPES)('%s', (type) => {
  const { apply, isOfPositive, isApproximate } = ELEMENTWISE_FUNCTIONS[type]
  const tolerance = isApproximate ? 0.03 : 1e-5
  // In [-1, 1); in [1, 3) if the function is defined for positive numbers only.
  const input = (index: number, size: number): Float32Array =>
    feed(index, size).map((value) => (isOfPositive ? value + 2 : value))
  const expected = [input(0, 6 * 5 * 4).map(apply)]

  test('TensorFlow.js computes it, and the file is read as the same operator if it has one', async () => {
    const { path } = await writeModel(alone(type), 'tfjs', folder, 0)
    expectAlike(await runInTfjs(path, 'cpu', input), expected, tolerance)
    const { network } = await readModel(path)
    if (TFJS_FUNCTIONS[type]) expect(typesOf(network)).toEqual(['input', type])
  })

  test('TFLite computes it and the file is read as the same operator, or it cannot be written', async () => {
    if (!TFLITE_FUNCTIONS[type]) {
      await expect(writeModel(alone(type), 'tflite', folder, 0)).rejects.toThrow(
        'cannot be written for TFLite: TFLite has no such operator',
      )
      return
    }
    const { path } = await writeModel(alone(type), 'tflite', folder, 0)
    expectAlike((await runInLiteRt(readFileSync(path), input)).values, expected, tolerance)
    expect(typesOf((await readModel(path)).network)).toEqual(['input', type])
  })

  const known = ONNX_FUNCTIONS[type]
  if (!known) return

  test('ONNX Runtime computes it, and the file is read as the same operator', async () => {
    const file = onnxFile(known.operator)
    const run = await runInOnnxRuntime(file, (index) => input(index, 6 * 5 * 4))
    expectAlike(run.values, expected, tolerance)
    expect(typesOf(readOnnx(file, 'alone').network)).toEqual(['input', type])
  })

  if (isApproximate) return

  test('a constant argument is folded', () => {
    const { network, weights } = readOnnx(onnxFile(known.operator, [1, 2]), 'constant')
    expect(typesOf(network)).toEqual(['input', 'constant', 'add'])
    const values = Float32Array.from([1, 2], apply)
    expect(weights(network.nodes[1].name, 'value')).toEqual(values)
  })
})

/** A network of the function alone. */
function alone(type: ElementwiseType): Network {
  const network = new NetworkBuilder()
  const image = network.add('image', { type: 'input', shape: SHAPE })
  return network.build(`alone-${type}`, network.add('function', { type }, image))
}

/** A file of the function of its input, or of a constant that is added to the input. */
function onnxFile(op: string, constant?: readonly number[]): Uint8Array {
  const opset = 20
  if (!constant) {
    const nodes = [{ op, inputs: ['x'], outputs: ['y'] }]
    return onnxBytes({ nodes, inputs: { x: [1, ...SHAPE] }, outputs: ['y'], opset })
  }
  const floats = Float32Array.from(constant)
  return onnxBytes({
    nodes: [
      { op, inputs: ['c'], outputs: ['f'] },
      { op: 'Add', inputs: ['x', 'f'], outputs: ['y'] },
    ],
    constants: { c: { shape: [floats.length], floats } },
    inputs: { x: [1, 3, floats.length] },
    outputs: ['y'],
    opset,
  })
}

function typesOf({ nodes }: Network): string[] {
  return nodes.map(({ operator }) => operator.type)
}

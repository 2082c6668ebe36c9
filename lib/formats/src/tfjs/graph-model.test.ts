import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import type { Network } from '@leti/network'
import { networkOf } from '@leti/spaces'
import { beforeAll, expect, test } from 'vitest'
import { writeModel } from '../index.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const CONFIG = { input_shape: [16, 16, 3], stem_filter_size: 15, num_modules_per_stack: 1 }

const GOLDEN = JSON.parse(
  readFileSync(new URL('../../../../fixtures/nb101-golden.json', import.meta.url), 'utf8'),
) as { module_hash: string; module_adjacency: number[][]; module_operations: string[] }[]

function networkWith(id: string, module_adjacency: number[][], operations: string[]): Network {
  const arch = { space: 'nb101', module_adjacency, module_operations: operations, config: CONFIG }
  return networkOf({ id, arch })
}

/** Loads the files that were written, through tfjs itself. */
async function load(path: string): Promise<tf.GraphModel> {
  const json = JSON.parse(readFileSync(path, 'utf8')) as tf.io.ModelJSON
  const [{ paths, weights }] = json.weightsManifest
  const data = Buffer.concat(paths.map((shard) => readFileSync(join(dirname(path), shard))))
  return tf.loadGraphModel({
    load: () =>
      Promise.resolve({
        modelTopology: json.modelTopology,
        weightSpecs: weights,
        weightData: new Uint8Array(data).buffer,
      }),
  })
}

function outputOn(model: tf.GraphModel): number[] {
  const input = tf.randomUniform([1, 16, 16, 3], -1, 1, 'float32', 7)
  return Array.from((model.execute(input) as tf.Tensor).dataSync())
}

/** cpu and wasm are separate implementations: what both compute is what the graph says. */
async function expectEqualOutputs(network: Network): Promise<void> {
  const { path } = await writeModel(network, 'tfjs', folder, 0)
  const outputs: number[][] = []
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend)
    outputs.push(outputOn(await load(path as string)))
  }
  const [cpu, wasm] = outputs
  expect(cpu).toHaveLength(10)
  const scale = Math.max(...cpu.map(Math.abs))
  // Activations stay near one, however deep the network.
  expect(scale).toBeGreaterThan(0.01)
  expect(scale).toBeLessThan(100)
  cpu.forEach((value, index) => expect(Math.abs(value - wasm[index]) / scale).toBeLessThan(1e-3))
}

beforeAll(async () => {
  await tf.ready()
})

// 15 channels do not divide evenly: some cells truncate.
test.each(GOLDEN.slice(0, 12))('$module_hash runs alike on cpu and wasm', async (cell) => {
  const { module_hash, module_adjacency, module_operations } = cell
  await expectEqualOutputs(networkWith(module_hash, module_adjacency, module_operations))
})

test.each(['identity', 'bottleneck5x5', 'sepconv3x3-bn-relu', 'maxpool3x3-conv1x1'])(
  'a cell with %s runs alike on cpu and wasm',
  async (operation) => {
    const matrix = [
      [0, 1, 1, 0],
      [0, 0, 1, 1],
      [0, 0, 0, 1],
      [0, 0, 0, 0],
    ]
    const operations = ['input', operation, 'conv3x3-bn-relu', 'output']
    await expectEqualOutputs(networkWith(operation, matrix, operations))
  },
)

test('the same seed gives the same files, another seed others', async () => {
  const [{ module_hash, module_adjacency, module_operations }] = GOLDEN
  const network = networkWith(module_hash, module_adjacency, module_operations)
  const digest = async (out: string, seed: number): Promise<string | undefined> =>
    (await writeModel(network, 'tfjs', join(folder, out), seed)).sha256
  const first = await digest('first', 1)
  expect(await digest('second', 1)).toBe(first)
  expect(await digest('third', 2)).not.toBe(first)
})

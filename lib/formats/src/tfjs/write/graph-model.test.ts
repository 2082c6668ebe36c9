import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Network } from '@leti/network'
import { networkOf } from '@leti/spaces'
import { expect, test } from 'vitest'
import { writeModel } from '../../index.js'
import { expectAlike, feed } from '../../outputs.fixture.js'
import { runInTfjs } from '../../tfjs.fixture.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))
const CONFIG = { input_shape: [16, 16, 3], stem_filter_size: 15, num_modules_per_stack: 1 }

const GOLDEN = JSON.parse(
  readFileSync(new URL('../../../../../fixtures/nb101-golden.json', import.meta.url), 'utf8'),
) as { module_hash: string; module_adjacency: number[][]; module_operations: string[] }[]

function networkWith(id: string, module_adjacency: number[][], operations: string[]): Network {
  const arch = { space: 'nb101', module_adjacency, module_operations: operations, config: CONFIG }
  return networkOf({ id, arch }).executed
}

/** cpu and wasm are separate implementations: if they agree, the graph is unambiguous. */
async function expectEqualOutputs(network: Network): Promise<void> {
  const { path } = await writeModel(network, 'tfjs', folder, 0)
  const [cpu] = await runInTfjs(path, 'cpu', feed)
  expect(cpu).toHaveLength(10)
  // Activations stay near one, however deep the network.
  const scale = Math.max(...cpu.map(Math.abs))
  expect(scale).toBeGreaterThan(0.01)
  expect(scale).toBeLessThan(100)
  expectAlike(await runInTfjs(path, 'wasm', feed), [cpu], 1e-3)
}

// 15 channels do not divide evenly: some cells truncate.
test.each(GOLDEN.slice(0, 12))('$module_hash computes the same on cpu and wasm', async (cell) => {
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

test('the same seed gives the same files, another seed gives others', async () => {
  const [{ module_hash, module_adjacency, module_operations }] = GOLDEN
  const network = networkWith(module_hash, module_adjacency, module_operations)
  const digest = async (out: string, seed: number): Promise<string | undefined> =>
    (await writeModel(network, 'tfjs', join(folder, out), seed)).sha256
  const first = await digest('first', 1)
  expect(await digest('second', 1)).toBe(first)
  expect(await digest('third', 2)).not.toBe(first)
})

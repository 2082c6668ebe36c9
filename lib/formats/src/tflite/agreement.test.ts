import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Network } from '@leti/network'
import { networkOf } from '@leti/spaces'
import { describe, expect, test } from 'vitest'
import { writeModel, type WeightType } from '../index.js'
import { runInLiteRt } from '../litert.fixture.js'
import { expectAlike, feed } from '../outputs.fixture.js'
import { runInTfjs } from '../tfjs.fixture.js'

// The same network, written as tfjs and as .tflite, computes the same in two independent runtimes:
// TensorFlow.js and LiteRT.

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))

async function inLiteRt(network: Network, weightType?: WeightType): Promise<Float32Array[]> {
  const { path } = await writeModel(network, 'tflite', folder, 0, weightType)
  return [...(await runInLiteRt(readFileSync(path), feed)).values]
}

async function inTfjs(
  network: Network,
  backend: 'cpu' | 'wasm',
  weightType?: WeightType,
): Promise<Float32Array[]> {
  const { path } = await writeModel(network, 'tfjs', folder, 0, weightType)
  return runInTfjs(path, backend, feed)
}

interface Spec {
  module_adjacency: number[][]
  module_operations: string[]
}

/** The first published cell with this number of vertices. */
function published(vertices: number): Spec {
  const cells = JSON.parse(
    readFileSync(new URL('../../../../fixtures/nb101-golden.json', import.meta.url), 'utf8'),
  ) as Spec[]
  const found = cells.find(({ module_operations }) => module_operations.length === vertices)
  const { module_adjacency, module_operations } = found as Spec
  return { module_adjacency, module_operations }
}

/** A cell of NAS-Bench-101: the vertices that each vertex feeds, and the operations. */
function cell(feeds: number[][], operations: string[]): Spec {
  const module_adjacency = feeds.map((to) => feeds.map((_, vertex) => Number(to.includes(vertex))))
  return { module_adjacency, module_operations: ['input', ...operations, 'output'] }
}

const CONV3 = 'conv3x3-bn-relu'
const CONV1 = 'conv1x1-bn-relu'
const POOL = 'maxpool3x3'

const CELLS: Record<number, Spec> = {
  2: cell([[1], []], []),
  3: cell([[1, 2], [2], []], [CONV3]),
  4: cell([[1, 2], [3], [3], []], [CONV1, POOL]),
  5: cell([[1, 2, 3], [2, 3], [4], [4], []], [CONV3, CONV1, POOL]),
  6: published(6),
  7: published(7),
}

function cellNetwork(vertices: string): Network {
  // 15 channels do not divide evenly: some cells truncate.
  const config = { input_shape: [16, 16, 3], stem_filter_size: 15, num_modules_per_stack: 1 }
  return networkOf({
    id: `cell${vertices}`,
    arch: { space: 'nb101', ...CELLS[Number(vertices)], config },
  }).executed
}

describe.each(Object.keys(CELLS))('a NAS-Bench-101 cell of %s vertices', (vertices) => {
  const network = cellNetwork(vertices)

  test('computes the same as tfjs and as .tflite', async () => {
    expectAlike(await inLiteRt(network), await inTfjs(network, 'wasm'), 1e-4)
  })

  test('loses the precision of float16 in both formats alike', async () => {
    const exact = await inLiteRt(network)
    const half = await inLiteRt(network, 'float16')
    // A weight has eleven bits. Its error of 2^-12 averages out in a sum.
    expectAlike(half, exact, 5e-3)
    expect(half).not.toEqual(exact)
    expectAlike(await inTfjs(network, 'wasm', 'float16'), half, 1e-4)
  })
})

/**
 * Whole records, pinned: all features and all kernels of one network of each search space, and of a
 * model file. The values in `fixtures/` come from the code; the tests beside each set derive values by
 * hand. Where a change of values is meant, `npx vitest run lib/features --update` writes them anew.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNetwork, writeModel } from '@leti/formats'
import type { LetiRecord } from '@leti/records'
import { kernelRecord, ncnnRecord, networkOf, zooRecord } from '@leti/spaces'
import { expect, test } from 'vitest'
import { featurize, type Featurized } from './featurize.js'
import { FEATURE_SETS } from './names.js'

const RECORDS: Readonly<Record<string, LetiRecord>> = {
  // Three vertices feed the output: its 128 channels are divided unevenly, and one is truncated.
  nb101: {
    id: 'nb101',
    arch: {
      space: 'nb101',
      module_adjacency: [
        [0, 1, 1, 0, 0, 1],
        [0, 0, 0, 1, 0, 1],
        [0, 0, 0, 0, 1, 1],
        [0, 0, 0, 0, 0, 1],
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
      ],
      module_operations: [
        'input',
        'conv3x3-bn-relu',
        'maxpool3x3',
        'conv1x1-bn-relu',
        'conv3x3-bn-relu',
        'output',
      ],
    },
  },
  // All operations; the edges 1-2 and 1-3 are dead, and 0-1 with them.
  nb201: {
    id: 'nb201',
    arch: {
      space: 'nb201',
      arch_str: '|nor_conv_3x3~0|+|avg_pool_3x3~0|none~1|+|skip_connect~0|none~1|nor_conv_1x1~2|',
    },
  },
  // FBNet-A of the paper: skips, groups, both window sizes, all expansions.
  fbnet: {
    id: 'fbnet',
    arch: {
      space: 'fbnet',
      ops: (
        'skip k3_e3 k3_e1 skip skip k5_e6 k3_e3 k5_e1 k3_e3 k5_e6 k5_e3 ' +
        'k5_e1_g2 k5_e6 k3_e6 k5_e1_g2 k5_e1 k3_e1_g2 k5_e6 k5_e6 k5_e3 k5_e6 k5_e6'
      ).split(' '),
    },
  },
  kernel: kernelRecord(
    [
      { operator: { type: 'input', shape: [14, 14, 32] }, inputs: [] },
      {
        operator: {
          type: 'depthwise_conv2d',
          window: { size: [5, 5], strides: [2, 2], padding: 'same' },
          bias: true,
        },
        inputs: [0],
      },
      { operator: { type: 'relu6' }, inputs: [1] },
    ],
    8,
  ),
  zoo: zooRecord('mobilenet_v3_small', { resolution: 96, width: 0.75 }),
  ncnn: ncnnRecord('squeezenet'),
}

/** A feature and a kernel a line, so that a difference shows which one changed. */
function lines({ features, kernels = [] }: Featurized): string {
  const list = (items: readonly string[]) => items.map((item) => `    ${item}`).join(',\n')
  const values = Object.entries(features).map(([name, value]) => `"${name}": ${value}`)
  const works = kernels.map((kernel) => JSON.stringify(kernel))
  return `{\n  "features": {\n${list(values)}\n  },\n  "kernels": [\n${list(works)}\n  ]\n}\n`
}

const OPTIONS = { sets: FEATURE_SETS, kernels: true }

test.each(Object.keys(RECORDS))('all features of a record of the space %s', async (space) => {
  const all = featurize(networkOf(RECORDS[space]), OPTIONS)
  await expect(lines(all)).toMatchFileSnapshot(`../fixtures/${space}.json`)
})

test('spot checks by hand of these records', () => {
  const features = (space: string) => featurize(networkOf(RECORDS[space]), OPTIONS).features
  // 128, 256 and 512 channels are divided by 3, and the first vertices get one more: 43, 43, 42; then
  // 86, 85, 85; then 171, 171, 170. The edge 1 -> 3 leads from the first to the third: it is truncated
  // in each of the 9 modules. Vertex 4 leads nowhere.
  expect(features('nb101')).toMatchObject({
    operator_truncate_count: 9,
    operator_dense_macs: 512 * 10,
    cell_vertices: 5,
    cell_edges: 7,
  })
  // As in featurize.test.ts: 15 cells, as written a 3x3 and a 1x1 convolution in each.
  const skeleton = 442368 + 2 * (1179648 + 2359296 + 131072) + 640
  expect(features('nb201')).toMatchObject({
    macs: skeleton + 15 * (2359296 + 262144),
    executed_macs: skeleton + 15 * 262144,
    pruned_avg_pool_3x3_count: 15,
  })
  // 8 times 7x7x32 outputs of 5x5 products; 25 * 32 weights and 32 biases.
  expect(features('kernel')).toMatchObject({
    macs: 8 * 1568 * 25,
    parameters: 8 * (800 + 32),
  })
  // The head takes 352 to 1984 channels at 7x7; the stem 3 to 16 by 3x3 at 112x112.
  expect(features('fbnet')).toMatchObject({
    stage1_conv2d_3x3_macs: 112 * 112 * 27 * 16,
    operator_dense_macs: 1984 * 1000,
  })
})

test('all features of a model file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leti-features-'))
  try {
    const { executed } = networkOf(zooRecord('shufflenet_v2', { resolution: 64, width: 0.5 }))
    const { path } = await writeModel(executed, 'tflite', folder, 0)
    const record = { id: 'file', arch: { space: 'file', file: path } }
    const all = featurize(await openNetwork(record), OPTIONS)
    await expect(lines(all)).toMatchFileSnapshot('../fixtures/file.json')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

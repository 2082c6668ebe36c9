import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { networkOf, zooRecord } from '@leti/spaces'
import { expect, test } from 'vitest'
import { writeModel } from './index.js'
import { runInLiteRt } from './litert.fixture.js'
import { expectAlike, feed } from './outputs.fixture.js'
import { runInTfjs } from './tfjs.fixture.js'

const folder = mkdtempSync(join(tmpdir(), 'leti-test-'))

// Together they contain every kind of block in the zoo.
test.each([
  ['squeezenet1_1', { resolution: 64 }],
  ['resnet18_v2', { resolution: 64 }],
  ['densenet121', { resolution: 64 }],
  ['mobilenet_v1', { resolution: 64, width: 0.25 }],
  ['mobilenet_v3_small', { resolution: 64, width: 0.75 }],
  ['shufflenet_v2', { resolution: 64, width: 0.5 }],
  ['efficientnet_b0', { resolution: 64 }],
  ['nasnet_mobile', { resolution: 64 }],
  ['regnet_y_200mf', { resolution: 64 }],
  ['ghostnet', { resolution: 64 }],
  ['deit_tiny', {}],
])('%s of %j computes the same in TensorFlow.js and in LiteRT', async (name, options) => {
  const network = networkOf(zooRecord(name, options)).executed
  const tfjs = await writeModel(network, 'tfjs', folder, 0)
  const tflite = await writeModel(network, 'tflite', folder, 0)
  const [expected] = await runInTfjs(tfjs.path, 'wasm', feed)
  const { values } = await runInLiteRt(readFileSync(tflite.path), feed)
  expectAlike(values, [expected], 1e-4)
  // Constant outputs would agree too.
  expect(new Set(expected).size).toBeGreaterThan(500)
})

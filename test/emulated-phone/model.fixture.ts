import { createRequire } from 'node:module'

const require = createRequire(new URL('../../lib/formats/package.json', import.meta.url))

/** A real `.tflite`: MediaPipe's face detection, 0.2 MB, 164 operators. */
export const FACE_DETECTION =
  require.resolve('@mediapipe/face_detection/face_detection_short_range.tflite')
export const FACE_DETECTION_NODES = 164

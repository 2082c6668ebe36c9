import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

const FOLDERS = {
  selfie_segmentation: dirname(require.resolve('@mediapipe/selfie_segmentation/package.json')),
  face_detection: dirname(require.resolve('@mediapipe/face_detection/package.json')),
}

/** The path of a `.tflite` file in an npm package of Google. */
export function mediapipeFile(folder: keyof typeof FOLDERS, model: string): string {
  return join(FOLDERS[folder], `${model}.tflite`)
}

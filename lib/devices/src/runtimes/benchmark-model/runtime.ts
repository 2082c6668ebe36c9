import type { Runtime } from '../runtime.js'

/** TFLite's own benchmark program, which only Android phones run (`targets/android-tflite`). */
export const benchmarkModel: Runtime = {
  format: 'tflite',
  profiles: true,
  references: () => [{ runtime: 'litert', backend: 'wasm' }],
}

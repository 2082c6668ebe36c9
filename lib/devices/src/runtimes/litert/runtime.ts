import type { Runtime } from '../runtime.js'
import { LITERT_WASM } from './wasm-module.js'

/** LiteRT.js: TensorFlow Lite in JavaScript. */
export const litert: Runtime = {
  format: 'tflite',
  profiles: false,
  references: (backend) =>
    backend === 'wasm'
      ? [
          { runtime: 'tfjs', backend: 'wasm' },
          { runtime: 'tfjs', backend: 'cpu' },
        ]
      : [{ runtime: 'litert', backend: 'wasm' }],
  node: { backends: ['wasm'], load: () => import('./node.js') },
  page: {
    backends: ['wasm', 'webgpu'],
    wasmModule: LITERT_WASM,
    load: () => import('./page.js'),
  },
}

import type { Runtime } from '../runtime.js'

/** A module in the folder of its wasm files. */
export const LITERT_WASM = '@litertjs/core/wasm/litert_wasm_internal.js'

/** LiteRT.js: TensorFlow Lite in JavaScript. */
export const litert: Runtime = {
  format: 'tflite',
  profiles: false,
  reference: (backend) =>
    backend === 'wasm'
      ? { runtime: 'tfjs', backend: 'cpu' }
      : { runtime: 'litert', backend: 'wasm' },
  node: { backends: ['wasm'], load: () => import('./node.js') },
  page: {
    backends: ['wasm', 'webgpu'],
    wasmModule: LITERT_WASM,
    load: () => import('./page.js'),
  },
}
